"""The density of cells as pictures, ready to be laid over the smear.

Colour is the mixture of lineages, depth how thick cells lie; dots mark where dysplastic
cells are. A square with a single cell is still seen: nothing is dropped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from marrowscope.domain.geometry import Box
from marrowscope.domain.taxonomy import LINEAGES
from marrowscope.gui.palette import CellPalette
from marrowscope.gui.slide_view.density import DensityLevel, Sums, density_levels
from marrowscope.gui.slide_view.shown_cells import LOOKS, ShownCells
from marrowscope.gui.slide_view.stamps import draw_stamps, drawn
from marrowscope.gui.slide_view.viewport import Viewport

FINEST = 6.0  # screen pixels of a square of the level that is painted, at least
DOT_SPACE = 34.0  # screen pixels between dots, at least
LEAST_DEPTH, MOST_DEPTH = 0.22, 0.82  # opacity of a single cell, and of the thickest
DOT_STEPS = 5
LEAST_DOT, MOST_DOT, DOT_RIM = 2.5, 15.0, 1.25  # screen pixels across; its rim
COUNT, DYSPLASTIC = 3, 4  # what is summed behind red, green and blue
INK, RIM = QColor("#16181b"), QColor(255, 255, 255, 235)

Size = tuple[int, int]  # of the slide in level-0 pixels
Colours = Mapping[str, tuple[int, int, int]]  # of each lineage


@dataclass(frozen=True, slots=True)
class PicturedLevel:
    """One level: `picture` has a pixel for each square of `square` level-0 pixels.

    `dysplastic` (lines, columns) counts dysplastic cells, `sizes` are the steps of the
    dots that stand for them.
    """

    square: float
    picture: QImage
    dysplastic: NDArray[np.int32]
    sizes: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class DensityPicture:
    """All levels, finest first; none where no cell is seen."""

    levels: tuple[PicturedLevel, ...] = ()

    def level(self, scale: float, *, least: float) -> PicturedLevel:
        """The finest level whose squares are at least so many screen pixels wide."""
        for level in self.levels:
            if level.square * scale >= least:
                return level
        return self.levels[-1]


def colours_of(palette: CellPalette) -> Colours:
    """Red, green and blue of each lineage's mark."""
    found: dict[str, tuple[int, int, int]] = {}
    for lineage in LINEAGES:
        colour = palette.of(lineage).colour
        found[lineage] = (colour.red(), colour.green(), colour.blue())
    return found


def density_picture(
    shown: ShownCells, seen: NDArray[np.bool_], colours: Colours
) -> DensityPicture:
    """Paint the cells that are seen, every level once.

    Half a million take a twentieth of a second: not on the window's thread.
    """
    inks = np.asarray([colours[name] for name in LINEAGES], np.float64)
    each, dysplastic = np.ones(LOOKS), np.arange(LOOKS, dtype=np.float64) % 2
    weights = np.stack([*np.repeat(inks, 2, axis=0).T, each, dysplastic])
    levels = density_levels(shown, seen, weights)
    if not levels:
        return DensityPicture()
    usual = _usual_density(levels)
    return DensityPicture(tuple(_pictured(one, usual) for one in levels))


def _usual_density(levels: Sequence[DensityLevel]) -> float:
    """Cells per level-0 pixel where cells lie, the same at every zoom."""
    level = next((x for x in levels if x.sums.shape[1] <= 64), levels[-1])
    there = level.sums[COUNT]
    return float(np.median(there[there > 0])) / level.square**2


def _pictured(level: DensityLevel, usual: float) -> PicturedLevel:
    number = level.sums[COUNT]
    *colours, total = _smoothed(level.sums[: COUNT + 1])
    # Squares of the coarsest levels reach beyond the slide: their depth is no matter.
    thickness = total / np.float32(usual * level.square**2)
    depth = MOST_DEPTH * thickness / (thickness + np.float32(0.8))
    np.maximum(depth, LEAST_DEPTH, out=depth, where=number > 0)
    dysplastic = level.sums[DYSPLASTIC].astype(np.int32)
    picture = _image(colours, depth, depth / np.maximum(total, 1e-6))
    return PicturedLevel(level.square, picture, dysplastic, _dot_sizes(dysplastic))


def _smoothed(sums: Sums) -> Sums:
    """Each square shared with its neighbours, a quarter to either side."""
    down = 0.5 * sums
    down[:, 1:] += 0.25 * sums[:, :-1]
    down[:, :-1] += 0.25 * sums[:, 1:]
    both = 0.5 * down
    both[..., 1:] += 0.25 * down[..., :-1]
    both[..., :-1] += 0.25 * down[..., 1:]
    return both


def _image(colours: Sequence[Sums], depth: Sums, share: Sums) -> QImage:
    """Red, green and blue sums, of each the `share` that is painted, at this depth."""
    lines, columns = depth.shape
    pixels = np.empty((lines, columns, 4), np.uint8)
    for place, colour in enumerate(reversed(colours)):
        pixels[..., place] = (colour * share).clip(0, 255)
    pixels[..., 3] = 255 * depth
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, columns, lines, 4 * columns, kind).copy()


def _dot_sizes(dysplastic: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Steps 1 to DOT_STEPS where there are any: the dot's area grows with them."""
    some = dysplastic[dysplastic > 0]
    most = max(float(np.percentile(some, 98)), 1.0) if len(some) else 1.0
    steps = np.ceil(DOT_STEPS * np.sqrt(np.minimum(dysplastic / most, 1.0)))
    return steps.astype(np.uint8)


# On the screen ---------------------------------------------------------------------


def paint_density(
    painter: QPainter, density: DensityPicture, viewport: Viewport, size: Size
) -> None:
    """The density of what is seen, and the dots of dysplastic cells over it.

    `size`: of the slide, in level-0 pixels.
    """
    if not density.levels:
        return
    paint_depth(painter, density, viewport, size)
    level = density.level(viewport.scale, least=DOT_SPACE)
    _paint_dots(painter, level, viewport, size)


def paint_depth(
    painter: QPainter, density: DensityPicture, viewport: Viewport, size: Size
) -> None:
    """How thick cells lie in what is seen, without dots."""
    level = density.level(viewport.scale, least=FINEST)
    region, side = viewport.region, level.square
    picture = level.picture
    # Whole squares, and one more on every side for the smoothing between them.
    left, top = (max(int(edge // side) - 1, 0) for edge in (region.x, region.y))
    right = min(int(region.right // side) + 2, picture.width())
    bottom = min(int(region.bottom // side) + 2, picture.height())
    if right <= left or bottom <= top:
        return
    x, y = viewport.to_screen(left * side, top * side)
    across = side * viewport.scale
    target = QRectF(x, y, (right - left) * across, (bottom - top) * across)
    part = QRectF(left, top, right - left, bottom - top)
    edge = viewport.box_to_screen(Box(0, 0, *size))
    painter.save()
    slide = QRectF(edge.x, edge.y, edge.width, edge.height)
    painter.setClipRect(slide, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, picture, part)
    painter.restore()


def _paint_dots(
    painter: QPainter, level: PicturedLevel, viewport: Viewport, size: Size
) -> None:
    region, side = viewport.region, level.square
    left, top = (max(int(edge // side), 0) for edge in (region.x, region.y))
    right, bottom = int(region.right // side) + 1, int(region.bottom // side) + 1
    sizes = level.sizes[top : max(bottom, top), left : max(right, left)]
    lines, columns = np.nonzero(sizes)
    if not len(lines):
        return
    corners = np.stack([columns + left, lines + top], axis=1) * side
    # The last squares reach beyond the slide; their dots lie on it all the same.
    middles = (corners + np.minimum(corners + side, size)) / 2
    points = viewport.all_to_screen(middles)
    steps, ratio = sizes[lines, columns], painter.device().devicePixelRatioF()
    for step in range(1, DOT_STEPS + 1):
        draw_stamps(painter, _dot(step, ratio), points[steps == step])


# Points with round ends took ten times as long.
@lru_cache(maxsize=32)
def _dot(step: int, ratio: float) -> QPixmap:
    """A dark disc within a white rim."""
    across = LEAST_DOT + (MOST_DOT - LEAST_DOT) * (step - 1) / (DOT_STEPS - 1)
    side = 2 * math.ceil(across / 2 + DOT_RIM) + 1

    def draw(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        middle = QPointF(side / 2, side / 2)
        for colour, radius in ((RIM, across / 2 + DOT_RIM), (INK, across / 2)):
            painter.setBrush(colour)
            painter.drawEllipse(middle, radius, radius)

    return drawn(side, side, ratio, draw)
