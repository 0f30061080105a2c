"""The U-Net of the `lee` family: data, network, training and export.

`masks` are pseudo-masks drawn by colour and watershed (no expert mask is ever
trained on), `composing` lays cut-out cells on real and drawn backgrounds,
`network` is a MobileNetV2 U-Net with three maps: whole cell, nucleus, core.
"""
