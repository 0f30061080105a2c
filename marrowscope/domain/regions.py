"""Parts of a slide that a reader takes into the count or leaves out of it.

Outlines are valid polygons in level-0 pixels, with holes where need be. Shapely mends,
joins and measures them: outlines drawn by hand cross themselves in ways that no few
lines of our own would get right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any
from uuid import uuid4

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.affinity import translate
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box

Shape = shapely.Polygon | shapely.MultiPolygon  # valid, not empty; hashable
Area = BaseGeometry  # what regions cover together; may be empty
Ring = NDArray[np.float64]  # (K, 2) x, y; the last point is not the first again


class UnusableRegion(MarrowScopeError):
    """An outline, or a file of outlines, that encloses nothing."""


class RegionKind(Enum):
    """What a region does to the count."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class ForeignClass:
    """What another program classed a region as; "A: B" is B within A.

    `colour`: red, green and blue, 0 to 255, as it is shown there; None for unknown.
    """

    name: str
    colour: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """One region of slide number `slide`.

    `id`: a UUID, which it keeps through every change, in the case and in QuPath.
    `classed`: as the program it came from classes it; it goes back there with it.
    """

    slide: int
    name: str
    kind: RegionKind
    shape: Shape
    id: str = field(default_factory=lambda: str(uuid4()))
    classed: ForeignClass | None = None

    @property
    def included(self) -> bool:
        return self.kind is RegionKind.INCLUDE

    @property
    def box(self) -> Box:
        """The smallest rectangle around it."""
        return around(self.shape)

    @property
    def rings(self) -> tuple[Ring, ...]:
        """Every outline of it, holes too; even-odd filling paints the region."""
        return tuple(
            _ring(line) for part in _parts(self.shape) for line in _lines(part)
        )

    def contains(self, points: ArrayLike) -> NDArray[np.bool_]:
        """(N,) which of the points (N, 2) lie inside or on the outline."""
        return inside(self.shape, points)

    def area_mm2(self, mpp: float) -> float:
        """Square millimetres at `mpp` microns per level-0 pixel."""
        return square_mm(self.shape, mpp)

    def outline_distance(self, x: float, y: float) -> float:
        """Level-0 pixels from a point to the nearest outline, holes too."""
        return float(self.shape.boundary.distance(shapely.Point(x, y)))

    def nearest_vertex(self, x: float, y: float) -> tuple[int, float]:
        """Number, counted through `rings`, and distance of the nearest vertex."""
        away = np.hypot(*(np.concatenate(self.rings) - (x, y)).T)
        return int(away.argmin()), float(away.min())

    def moved(self, dx: float, dy: float) -> Region:
        return replace(self, shape=translate(self.shape, dx, dy))

    def with_vertex(self, number: int, x: float, y: float) -> Region:
        """The region with one vertex elsewhere, counted through `rings`.

        Raises UnusableRegion when nothing is left inside.
        """
        rings = [ring.copy() for ring in self.rings]
        for ring in rings:
            if number < len(ring):
                ring[number] = x, y
                break
            number -= len(ring)
        return replace(self, shape=_of_rings(rings))


def outlined(points: ArrayLike) -> Shape:
    """What a closed line through `points` (N, 2) encloses; it may cross itself.

    Each part that the line goes around belongs to it, and whiskers without any area are
    dropped. Raises UnusableRegion when nothing is enclosed.
    """
    line = np.asarray(points, np.float64).reshape(-1, 2)
    if len(line) < 3 or not np.isfinite(line).all():
        raise _nothing_inside()
    return mended(shapely.Polygon(line))


def rectangle(box: Box) -> Shape:
    """The outline of a box. Raises UnusableRegion for one without area."""
    return mended(shapely.box(box.x, box.y, box.right, box.bottom))


def freehand(points: ArrayLike, *, tolerance: float) -> Shape:
    """A line drawn by hand, with no more vertices than it needs.

    `tolerance`: how far from the drawn line it may run, in level-0 pixels (Douglas and
    Peucker 1973). Raises UnusableRegion when nothing is enclosed.
    """
    drawn = outlined(points)
    return mended(drawn.simplify(tolerance, preserve_topology=True))


def mended(geometry: BaseGeometry) -> Shape:
    """The same area as valid polygons. Raises UnusableRegion when it has none."""
    if not geometry.is_valid:
        geometry = shapely.make_valid(
            geometry, method="structure", keep_collapsed=False
        )
    parts = [part for part in _parts(geometry) if part.area > 0]
    if not parts:
        raise _nothing_inside()
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _nothing_inside() -> UnusableRegion:
    return UnusableRegion(
        "This outline encloses nothing.", "Draw around the part that is meant."
    )


def _parts(geometry: BaseGeometry) -> list[shapely.Polygon]:
    parts = shapely.get_parts(geometry)
    return [part for part in parts if isinstance(part, shapely.Polygon)]


def _lines(part: shapely.Polygon) -> list[shapely.LinearRing]:
    return [part.exterior, *part.interiors]


def _ring(line: shapely.LinearRing) -> Ring:
    return shapely.get_coordinates(line)[:-1]


def _of_rings(rings: Sequence[Ring]) -> Shape:
    """Rings by even-odd filling: a ring inside another is a hole in it."""
    whole: BaseGeometry = shapely.Polygon()
    for ring in rings:
        whole = whole.symmetric_difference(outlined(ring))
    return mended(whole)


def inside(area: Area, points: ArrayLike) -> NDArray[np.bool_]:
    """(N,) which of the points (N, 2) lie in an area or on its edge."""
    places = np.asarray(points, np.float64).reshape(-1, 2)
    left, top, right, bottom = area.bounds
    x, y = places.T
    found = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    near = np.flatnonzero(found)
    shapely.prepare(area)
    found[near] = shapely.intersects_xy(area, x[near], y[near])
    return found


def square_mm(area: Area, mpp: float) -> float:
    """Square millimetres of an area of level-0 pixels of `mpp` microns each."""
    return float(area.area) * (mpp / 1000) ** 2


def joined(regions: Iterable[Region]) -> Area:
    """The area that any of the regions covers; empty for none."""
    return shapely.union_all([region.shape for region in regions])


def touches(area: Area, box: Box) -> bool:
    """True when a box and an area share a point."""
    shapely.prepare(area)
    return bool(area.intersects(shapely.box(box.x, box.y, box.right, box.bottom)))


def around(area: Area) -> Box:
    """The smallest rectangle around an area that is not empty."""
    left, top, right, bottom = area.bounds
    return Box(left, top, right - left, bottom - top)


def covers(area: Area, other: Area) -> bool:
    """True when no square pixel of `other` lies outside `area`."""
    return bool(other.difference(area).area < 1.0)


def to_geometry(area: Area) -> dict[str, Any]:
    """A GeoJSON geometry object (RFC 7946), in pixels."""
    return mapping(area)


def of_geometry(said: Mapping[str, Any]) -> Shape:
    """The area of a GeoJSON geometry. Raises UnusableRegion when it encloses none."""
    try:
        return mended(shape(dict(said)))
    except (
        *(shapely.errors.ShapelyError, AttributeError, TypeError),
        *(ValueError, KeyError, IndexError),
    ) as error:
        raise _nothing_inside() from error


def to_bytes(area: Shape) -> bytes:
    """Well-known binary, little-endian: what a case keeps."""
    return shapely.to_wkb(area, byte_order=1)


def of_bytes(stored: bytes) -> Shape:
    """The area that `to_bytes` wrote."""
    return mended(shapely.from_wkb(stored))
