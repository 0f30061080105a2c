"""Smaller copies of a picture that is held in memory."""

from __future__ import annotations

import cv2
import numpy as np

from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.slide import Level

SMALLEST_SIDE = 1024
# Pixels that OpenCV halves without waking a thread of its own: there are readers enough
# for every core, and each is held up by that.
ALONE = 1 << 16


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
    shape = (height + 1) // 2, (width + 1) // 2, 3
    out = np.empty(shape, np.uint8) if into is None else into
    rows = max(1, ALONE // shape[1])
    for top in range(0, shape[0], rows):
        part = out[top : top + rows]
        source = even[2 * top : 2 * (top + len(part))]
        cv2.resize(source, (shape[1], len(part)), part, interpolation=cv2.INTER_AREA)
    return out
