"""Photos laid out on one sheet: overlapping ones at their places, groups apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.gui.jobs import Progress
from marrowscope.report.sources import ReportedPhotos
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.photos import photo_map, reported
from marrowscope.workflow.slide_names import slide_names

GAP = 0.12  # between groups, of the longest photo's side
ASPECT = 1.5  # of the sheet, about: as wide as the place it is shown in
Sizes = Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPhoto:
    """A photo by slide number; `corners` (4, 2) on the sheet, clockwise from its own
    upper left one. `twin`: another photo shows nearly the same place.
    """

    number: int
    name: str
    corners: NDArray[np.float64]
    twin: bool = False

    @property
    def middle(self) -> NDArray[np.float64]:
        """(2,) x, y on the sheet."""
        return self.corners.mean(axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class PhotoSheet:
    """Every photo placed, in pixels of photos; `names` of all slides by number."""

    photos: tuple[PlacedPhoto, ...]
    size: tuple[float, float]
    said: ReportedPhotos
    names: Mapping[int, str]

    def at(self, x: float, y: float) -> PlacedPhoto | None:
        """The photo under a point; of several the one whose middle is nearest."""
        point = np.array([x, y])
        corners = np.array([one.corners for one in self.photos])  # (N, 4, 2)
        sides, away = np.roll(corners, -1, axis=1) - corners, point - corners
        turns = sides[..., 0] * away[..., 1] - sides[..., 1] * away[..., 0]
        under = np.flatnonzero((turns >= 0).all(axis=1))
        far = np.linalg.norm(corners[under].mean(axis=1) - point, axis=1)
        return self.photos[under[far.argmin()]] if len(under) else None


def sheet_of(request: OpenedCase, progress: Progress) -> PhotoSheet | None:
    """The photos of a case as they lie; None before two of them were compared."""
    file = request.file
    lie = photo_map(file)
    if lie is None:
        return None
    stored = file.slides()
    sizes = {s.number: (s.identity.width, s.identity.height) for s in stored}
    names = slide_names(stored)
    twins = {n for one in lie.near_duplicates for n in (one.first, one.second)}
    groups = [placed_group(group, sizes) for group in lie.groups]
    corners, size = side_by_side(groups, sizes)
    photos = [PlacedPhoto(n, names[n], corners[n], n in twins) for n in sorted(corners)]
    return PhotoSheet(tuple(photos), size, reported(lie), names)


def placed_group(
    group: Mapping[int, NDArray[np.float64]], sizes: Sizes
) -> dict[int, NDArray[np.float64]]:
    """Corners (4, 2) of each photo of a group, its upper left at 0, 0."""
    corners = {}
    for number, transform in group.items():
        width, height = sizes[number]
        own = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
        corners[number] = own @ transform[:, :2].T + transform[:, 2]
    low = np.min([c.min(axis=0) for c in corners.values()], axis=0)
    return {number: c - low for number, c in corners.items()}


def side_by_side(
    groups: Sequence[Mapping[int, NDArray[np.float64]]], sizes: Sizes
) -> tuple[dict[int, NDArray[np.float64]], tuple[float, float]]:
    """Corners of all photos with the groups in rows, and the size of the sheet."""
    extents = [np.max([c.max(axis=0) for c in g.values()], axis=0) for g in groups]
    if not extents:
        return {}, (0.0, 0.0)
    gap = GAP * max(max(sizes[n]) for group in groups for n in group)
    tries = [_in_rows(extents, gap, room) for room in _rooms(extents, gap)]
    places, width, height = min(tries, key=lambda one: max(one[1] / ASPECT, one[2]))
    corners = {
        number: c + place
        for group, place in zip(groups, places, strict=True)
        for number, c in group.items()
    }
    return corners, (width, height)


def _rooms(extents: Sequence[NDArray[np.float64]], gap: float) -> NDArray[np.float64]:
    """Widths of a row worth trying: the widest part's, and around the page's."""
    area = sum(float(np.prod(extent + gap)) for extent in extents)
    widest = max(float(extent[0]) for extent in extents)
    return np.maximum(widest, np.sqrt(ASPECT * area) * np.linspace(0.7, 1.7, 11))


def _in_rows(
    extents: Sequence[NDArray[np.float64]], gap: float, room: float
) -> tuple[list[NDArray[np.float64]], float, float]:
    """Upper left corners of parts, one after the other in rows; width and height."""
    places, x, y, tallest = [], 0.0, 0.0, 0.0
    for width, height in extents:
        if x and x + width > room:
            x, y, tallest = 0.0, y + tallest + gap, 0.0
        places.append(np.array([x, y]))
        x, tallest = x + float(width) + gap, max(tallest, float(height))
    ends = np.max(np.add(places, extents), axis=0)
    return places, float(ends[0]), float(ends[1])
