"""Fits the small network that names the zones of a smear (needs no torch).

`python -m marrowscope.training.counting_zone --out resources/counting_zone`
"""
