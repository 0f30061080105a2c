"""Slides to pixels: openslide, tifffile and opencv end here."""
