"""Smaller copies of a picture that is held in memory."""

from __future__ import annotations

import cv2

from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.slide import Level

SMALLEST_SIDE = 1024


def halved_levels(width: int, height: int) -> tuple[Level, ...]:
    """Full size, then halves while the longer side is over 1,024 pixels."""
    levels = [Level(width, height, 1.0)]
    while max(levels[-1].width, levels[-1].height) > SMALLEST_SIDE:
        last = levels[-1]
        size = (last.width + 1) // 2, (last.height + 1) // 2
        levels.append(Level(*size, downsample=last.downsample * 2))
    return tuple(levels)


def halved(pixels: Pixels, into: Pixels | None = None) -> Pixels:
    """Every 2 x 2 pixels averaged; an odd last row or column stands for two.

    `into`: where the answer is put, of its size.
    """
    height, width = pixels.shape[:2]
    even = pixels
    if height % 2 or width % 2:
        even = cv2.copyMakeBorder(
            pixels, 0, height % 2, 0, width % 2, borderType=cv2.BORDER_REPLICATE
        )
    size = ((width + 1) // 2, (height + 1) // 2)
    return cv2.resize(even, size, into, interpolation=cv2.INTER_AREA)  # pyright: ignore
