"""The order in which a slide's fields are looked at: to and fro, as at a microscope."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Boxes
from marrowscope.imaging.counting_zone.zone_map import THIN, ZoneMap

OVERLAP = 0.08  # of a view, that the next one shows again: no cell is cut twice
MOSTLY = 0.5  # of a view's patches; so much must be counting zone

Points = NDArray[np.float64]  # (N, 2) x, y in level-0 pixels


@dataclass(frozen=True, slots=True)
class Route:
    """`middles` of the fields in the order in which they are looked at.

    `field` is width and height of one in level-0 pixels; `noun` and `area` say in words
    what one is, and of what.
    """

    middles: Points
    field: tuple[float, float]
    noun: str
    area: str

    def nearest(self, x: float, y: float) -> int:
        """The field whose middle lies nearest to a point."""
        away = self.middles - (x, y)
        return int(np.einsum("ij,ij->i", away, away).argmin())

    def holds(self, number: int, x: float, y: float) -> bool:
        """True where a point lies in a field."""
        away = np.abs(self.middles[number] - (x, y))
        return bool((away * 2 <= self.field).all())

    def words(self, number: int) -> str:
        """ "Field 12 of 64 that were read"."""
        return f"{self.noun} {number + 1:,} of {len(self.middles):,} {self.area}"


def through_fields(fields: Boxes) -> Route:
    """Through fields (N, 4; at least one) that were read, row by row to and fro."""
    boxes = fields.astype(np.float64)
    middles = boxes[:, :2] + boxes[:, 2:] / 2
    width, height = map(float, np.median(boxes[:, 2:], axis=0))
    return Route(
        _to_and_fro(middles, height / 2), (width, height), "Field", "that were read"
    )


def through_views(
    slide: tuple[int, int], view: tuple[float, float], zones: ZoneMap | None
) -> Route:
    """Through views of this size (level-0 pixels), which overlap a little.

    Over the counting zone where that is known and found, else over the whole slide.
    """
    across, down = (_middles(end, side) for end, side in zip(slide, view, strict=True))
    wanted = np.ones((len(down), len(across)), np.bool_)
    thin = wanted if zones is None else _mostly_thin(zones, across, down, view)
    found = zones is not None and bool(thin.any())
    wanted = thin if found else wanted
    rows, columns = np.nonzero(wanted)
    # Every second row is gone back through.
    way = np.where(rows % 2 == 0, columns, -columns)
    order = np.lexsort((way, rows))
    middles = np.stack([across[columns[order]], down[rows[order]]], axis=1)
    return Route(middles, view, "View", "of the counting zone" if found else "in all")


def _to_and_fro(middles: Points, apart: float) -> Points:
    """Sorted into rows: what lies less than `apart` below a row's first is of it."""
    rest = middles[np.argsort(middles[:, 1], kind="stable")]
    rows: list[Points] = []
    while len(rest):
        count = int(np.searchsorted(rest[:, 1], rest[0, 1] + apart))
        row, rest = rest[: max(count, 1)], rest[max(count, 1) :]
        row = row[np.argsort(row[:, 0], kind="stable")]
        rows.append(row[::-1] if len(rows) % 2 else row)
    return np.concatenate(rows)


def _middles(end: float, side: float) -> NDArray[np.float64]:
    """Along one direction, from edge to edge, evenly spread; one where all is seen."""
    if side >= end:
        return np.array([end / 2])
    steps = math.ceil((end - side) / (side * (1 - OVERLAP)))
    return np.linspace(side / 2, end - side / 2, steps + 1)


def _mostly_thin(
    zones: ZoneMap,
    across: NDArray[np.float64],
    down: NDArray[np.float64],
    view: tuple[float, float],
) -> NDArray[np.bool_]:
    """(rows, columns) True where a view around these middles is counting zone."""
    thin = zones.is_zone(THIN)
    # Sums of all patches above and to the left: four of them give any rectangle's.
    sums = np.zeros((thin.shape[0] + 1, thin.shape[1] + 1), np.int64)
    sums[1:, 1:] = thin.cumsum(0).cumsum(1)
    top, bottom = _patches(down, view[1], zones.patch, thin.shape[0])
    left, right = _patches(across, view[0], zones.patch, thin.shape[1])
    found = sums[bottom][:, right] - sums[top][:, right]
    found += sums[top][:, left] - sums[bottom][:, left]
    return found >= MOSTLY * np.outer(bottom - top, right - left)


def _patches(
    middles: NDArray[np.float64], side: float, patch: float, count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last but one of the patches that views touch in one direction."""
    first = np.clip(np.floor((middles - side / 2) / patch), 0, count - 1)
    last = np.clip(np.ceil((middles + side / 2) / patch), first + 1, count)
    return first.astype(np.intp), last.astype(np.intp)
