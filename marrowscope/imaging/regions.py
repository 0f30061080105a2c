"""Cutting rectangles that may hang over a picture's edge."""

from __future__ import annotations

import numpy as np

from marrowscope.domain.geometry import Pixels


def plain(width: int, height: int, colour: tuple[int, int, int]) -> Pixels:
    """(height, width, 3) of one colour."""
    pixels = np.empty((height, width, 3), np.uint8)
    # Whole rows are written several times faster than single pixels.
    pixels.reshape(height, width * 3)[:] = np.tile(np.asarray(colour, np.uint8), width)
    return pixels


def cut(
    pixels: Pixels,
    x: int,
    y: int,
    *,
    width: int,
    height: int,
    background: tuple[int, int, int],
) -> Pixels:
    """A copy of (height, width, 3) at x, y; what lies beyond is background."""
    full_height, full_width = pixels.shape[:2]
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, full_width), min(y + height, full_height)
    if (left, top, right - left, bottom - top) == (x, y, width, height):
        return pixels[top:bottom, left:right].copy()
    out = plain(width, height, background)
    if left < right and top < bottom:
        out[top - y : bottom - y, left - x : right - x] = pixels[top:bottom, left:right]
    return out


def paste(canvas: Pixels, pixels: Pixels, *, x: int, y: int) -> None:
    """Write pixels onto a canvas at x, y; what hangs over its edges is left out."""
    height, width = canvas.shape[:2]
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + pixels.shape[1], width), min(y + pixels.shape[0], height)
    if left < right and top < bottom:
        canvas[top:bottom, left:right] = pixels[
            top - y : bottom - y, left - x : right - x
        ]
