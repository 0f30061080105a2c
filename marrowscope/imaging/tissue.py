"""Telling blank glass from smear, cheaply."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.slide import Slide

# A platelet darkens green by some 30 levels of 255, a nucleus by 60 and more.
FAINTEST = 18
# 2 µm blocks at the readers' 0.5 µm per pixel: a lone small nucleus fills four.
BLOCK = 4
FEWEST_BLOCKS = 3
OVERVIEW = 1024


def empty_field(pixels: Pixels) -> bool:
    """True when a field (H, W, 3) at about 0.5 µm per pixel is surely blank.

    Blank means that no few blocks of 2 µm stand out against the field's brightest
    parts, in light or in colour; slow shading of the lamp is taken off first. One
    small stained cell is enough to answer False.
    """
    height, width = pixels.shape[:2]
    if min(height, width) < 2 * BLOCK:
        return False
    size = (width // BLOCK, height // BLOCK)
    blocks = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    light = blocks.min(axis=2).astype(np.float32)
    shaded = cv2.GaussianBlur(light, (0, 0), sigmaX=max(size) / 4)
    flat = light - shaded
    drop = np.percentile(flat, 90) - flat
    return int((drop > FAINTEST).sum()) < FEWEST_BLOCKS


def tissue_boxes(slide: Slide, *, side: int = 32) -> list[Box]:
    """Level-0 rectangles of a coarse grid where an overview shows something.

    `side` is the pixels of an overview cell; the overview is at most 1,024 pixels.
    """
    width, height = slide.identity.width, slide.identity.height
    scale = max(1.0, max(width, height) / OVERVIEW)
    size = max(1, round(width / scale)), max(1, round(height / scale))
    whole = Box(0, 0, width, height)
    overview = read_resized(slide, whole, width=size[0], height=size[1])
    stained = _stained(overview)
    boxes = [
        Box(x * scale, y * scale, side * scale, side * scale).intersection(whole)
        for y in range(0, size[1], side)
        for x in range(0, size[0], side)
        if stained[y : y + side, x : x + side].any()
    ]
    return [box for box in boxes if box is not None]


def _stained(overview: Pixels) -> NDArray[np.bool_]:
    """(H, W) True where an overview is darker or more coloured than bare glass."""
    colours = overview.astype(np.int16)
    chroma = colours.max(axis=2) - colours.min(axis=2)
    glass = np.percentile(colours.min(axis=2), 98)
    return (colours.min(axis=2) < glass - FAINTEST) | (chroma > 2 * FAINTEST)
