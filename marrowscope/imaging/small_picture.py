"""A whole slide at a glance, to know it by."""

from __future__ import annotations

import cv2
import numpy as np

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.photo_slide import PhotoSlide
from marrowscope.imaging.slide import Slide


def small_picture(slide: Slide, side: int) -> Pixels:
    """RGB (h, w, 3) of the whole slide, its longer side `side` pixels.

    In the file's own colours, as `Slide.read` gives them.

    Raises UnreadableRegion.
    """
    identity = slide.identity
    shrink = side / max(identity.width, identity.height)
    width, height = (
        max(1, round(length * shrink)) for length in (identity.width, identity.height)
    )
    if isinstance(slide, PhotoSlide):
        # Never over the pixels of the photo looked at, which are kept decoded.
        photo = slide.glance(min(width, height))
        small = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.uint8)
    whole = Box(0, 0, identity.width, identity.height)
    return read_resized(slide, whole, width=width, height=height)
