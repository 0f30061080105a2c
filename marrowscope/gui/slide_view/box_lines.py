"""Lines of boxes as filled bars, which Qt fills several times faster than it strokes.

Bars (N, 4) are rectangles in logical screen pixels; all of one colour are drawn in one
call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from shiboken6 import Shiboken

DASH, GAP = 6.0, 4.5  # pixels; gaps give way, so that every corner is drawn

Rects = NDArray[np.float64]  # (N, 4) logical screen pixels


@dataclass(frozen=True, slots=True)
class Line:
    """A line `width` wide, of which `out` lies outside the box (logical pixels)."""

    width: float
    out: float

    def rimmed(self, rim: float) -> Line:
        """A wider line that looks out on either side."""
        return Line(self.width + 2 * rim, self.out + rim)


def device_line(width: float, ratio: float) -> Line:
    """A line along the box's edge, of whole device pixels."""
    pixels = max(1, round(width * ratio))
    return Line(pixels / ratio, pixels // 2 / ratio)


def snapped(rects: Rects, ratio: float) -> Rects:
    """Rectangles whose edges lie between device pixels: their lines are crisp."""
    low = np.rint(rects[:, :2] * ratio)
    high = np.rint((rects[:, :2] + rects[:, 2:]) * ratio)
    return np.concatenate([low, high - low], axis=1) / ratio


def grown(rects: Rects, by: float) -> Rects:
    """Larger by so much on every side."""
    return rects + np.asarray([-by, -by, 2 * by, 2 * by])


def solid(rects: Rects, line: Line) -> Rects:
    """Four bars for each rectangle, one rectangle after another."""
    left, top, width, height = grown(rects, line.out).T
    thick = line.width
    bars = np.empty((len(rects), 4, 4))
    x, y, across, down = np.moveaxis(bars, 2, 0)  # (N, 4): top, bottom, left, right
    x[:, :3], x[:, 3] = left[:, None], left + width - thick
    y[:, 0], y[:, 1], y[:, 2:] = top, top + height - thick, (top + thick)[:, None]
    across[:, :2], across[:, 2:] = width[:, None], thick
    down[:, :2], down[:, 2:] = thick, np.maximum(height - 2 * thick, 0)[:, None]
    return bars.reshape(-1, 4)


def cornered(rects: Rects, line: Line) -> Rects:
    """The corners alone: eight bars for each rectangle, half of what its dashes take.

    Each edge is drawn for a third at either end.
    """
    outer = grown(rects, line.out)
    ends = np.rint(outer[:, 2:] / 3)  # on whole pixels
    far = outer[:, :2] + outer[:, 2:]
    bars = np.empty((len(rects), 2, 2, 2, 4))  # by axis, near or far edge, and end
    for axis in (0, 1):
        other, own = 1 - axis, bars[:, axis]
        own[..., 2 + axis], own[..., 2 + other] = ends[:, axis, None, None], line.width
        own[..., 0, axis], own[..., 1, axis] = (
            outer[:, axis, None],
            (far - ends)[:, axis, None],
        )
        own[:, 0, :, other] = outer[:, other, None]
        own[:, 1, :, other] = far[:, other, None] - line.width
    return bars.reshape(-1, 4)


def dashed(rects: Rects, line: Line) -> Rects:
    """The bars of dashes; each edge begins and ends with one."""
    outer = grown(rects, line.out)
    return np.concatenate([_dashed_pair(outer, axis, line.width) for axis in (0, 1)])


def _dashed_pair(outer: Rects, axis: int, thick: float) -> Rects:
    """The dashes of two opposite edges: the horizontal ones for axis 0."""
    edge, start, length = dashes(outer[:, 2 + axis])
    bars = np.empty((2, len(edge), 4))
    bars[..., axis] = outer[edge, axis] + start
    bars[..., 2 + axis], bars[..., 3 - axis] = length, thick
    near = outer[edge, 1 - axis]
    bars[0, :, 1 - axis] = near
    bars[1, :, 1 - axis] = near + outer[edge, 3 - axis] - thick
    return bars.reshape(-1, 4)


def dashes(lengths: NDArray[np.float64]) -> tuple[NDArray[np.intp], Rects, Rects]:
    """Which edge every dash belongs to, where along it the dash starts, and its length.

    An edge too short for two dashes and a gap is drawn whole.
    """
    gaps = np.rint((lengths - DASH) / (DASH + GAP)).astype(np.intp).clip(0)
    edge = np.repeat(np.arange(len(lengths)), gaps + 1)
    number = np.arange(len(edge)) - (np.cumsum(gaps + 1) - (gaps + 1))[edge]
    space, steps = (lengths - DASH)[edge], gaps[edge]
    start = np.rint(number * space / np.maximum(steps, 1))  # on whole pixels
    start = np.where(number == steps, space, start)
    whole = steps == 0
    return edge, np.where(whole, 0, start), np.where(whole, lengths[edge], DASH)


def fill_rects(painter: QPainter, rects: Rects, colour: QColor) -> None:
    """Hand all rectangles to Qt in one call, without a Python object for each."""
    if not len(rects):
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    # The array outlives the call. QRectF is four doubles; QRect is four int32, the last
    # two of them its last pixel: for whole pixels it is nearly twice as fast.
    whole = np.rint(rects)
    if (whole == rects).all():
        pixels = np.ascontiguousarray(whole, np.int32)
        pixels[:, 2:] += pixels[:, :2] - 1
        first = Shiboken.wrapInstance(pixels.ctypes.data, QRect)
    else:
        rects = np.ascontiguousarray(rects)
        first = Shiboken.wrapInstance(rects.ctypes.data, QRectF)
    painter.drawRects(first, len(rects))  # pyright: ignore
