"""A small picture of each slide with the places of the cells that were counted."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from marrowscope.domain.geometry import Boxes, Pixels

HEADING = "Where the counted cells lie"
MAP_SIDE = 360  # pixels of the longer side
_INK = (20, 70, 160)  # RGB
_RADIUS = 2
_PALER = 0.45  # of the smear's own colours, the rest white: the dots must stand out


@dataclass(frozen=True, slots=True)
class CountedMap:
    """One slide: its name, how many of its cells were counted, and where (H, W, 3)."""

    name: str
    cells: int
    picture: Pixels


def counted_map(picture: Pixels, boxes: Boxes, *, width: int) -> Pixels:
    """The picture (H, W, 3) of a slide with a dot on each cell.

    `boxes` (N, 4) of the cells and `width` of the slide in level-0 pixels.
    """
    drawn = 255 - (255 - picture.astype(np.float32)) * _PALER
    drawn = np.ascontiguousarray(drawn.astype(np.uint8))
    scale = picture.shape[1] / max(width, 1)
    for x, y, w, h in np.asarray(boxes, np.float64).reshape(-1, 4):
        centre = round((x + w / 2) * scale), round((y + h / 2) * scale)
        cv2.circle(drawn, centre, _RADIUS, _INK, -1, cv2.LINE_AA)
    return drawn
