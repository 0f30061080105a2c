"""A line across the smear, how long it is and what it encloses, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

Point = tuple[float, float]

NOT_CALIBRATED = "not calibrated"


@dataclass(frozen=True, slots=True)
class Measurement:
    """A line through `points` (level-0 pixels) of slide number `slide`.

    `closed`: the last point is joined to the first, which encloses an area.
    """

    slide: int
    points: tuple[Point, ...]
    closed: bool = False

    @property
    def path(self) -> tuple[Point, ...]:
        """The points as they are walked along; a closed line ends where it began."""
        return (*self.points, self.points[0]) if self.closed else self.points

    @property
    def length(self) -> float:
        """Level-0 pixels; all around when it is closed."""
        return sum(math.dist(start, end) for start, end in pairwise(self.path))

    @property
    def area(self) -> float:
        """Level-0 pixels enclosed, by the shoelace formula; 0 of an open line."""
        if not self.closed:
            return 0.0
        points = np.asarray(self.points)
        x, y = (points - points[0]).T
        return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2

    @property
    def crossed(self) -> bool:
        """True when the line crosses itself, so that no one area is enclosed."""
        sides = list(pairwise(self.path))
        return any(
            _cross(one, other)
            for place, one in enumerate(sides)
            for other in sides[place + 2 :]
        )


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """True when two sides properly cross; touching ends are none."""
    return _parted(one, other) and _parted(other, one)


def _parted(line: tuple[Point, Point], ends: tuple[Point, Point]) -> bool:
    """True when both ends lie on different sides of a line."""
    (x, y), (to_x, to_y) = line
    first, second = (
        (to_x - x) * (end_y - y) - (to_y - y) * (end_x - x) for end_x, end_y in ends
    )
    return first * second < 0


def squared(point: Point, drawn: Sequence[Point], *, angle: float) -> Point:
    """`point` moved so that the line to it runs at right angles.

    To the side `drawn` last; the first side along the screen, which shows the slide
    turned clockwise by `angle` degrees.
    """
    last = drawn[-1]
    towards = math.radians(-angle)
    if len(drawn) > 1:
        towards = math.atan2(last[1] - drawn[-2][1], last[0] - drawn[-2][0])
    along = math.cos(towards), math.sin(towards)
    away = point[0] - last[0], point[1] - last[1]
    ahead = away[0] * along[0] + away[1] * along[1]
    aside = away[1] * along[0] - away[0] * along[1]
    if abs(ahead) >= abs(aside):
        return last[0] + ahead * along[0], last[1] + ahead * along[1]
    return last[0] - aside * along[1], last[1] + aside * along[0]


def measured_text(measurement: Measurement, mpp: float | None) -> str:
    """ "12.4 µm", "96.1 µm² · 36.0 µm around"; pixels when `mpp` is None.

    `mpp`: microns per level-0 pixel.
    """
    length = length_words(measurement.length, mpp)
    if not measurement.closed:
        text = length
    elif measurement.crossed:
        text = f"crosses itself: no area · {length} around"
    else:
        text = f"{area_words(measurement.area, mpp)} · {length} around"
    return text if mpp is not None else f"{text} · {NOT_CALIBRATED}"


def length_words(pixels: float, mpp: float | None) -> str:
    """A length with its unit, to a tenth of a micron or three figures."""
    if mpp is None:
        return f"{pixels:,.0f} px"
    microns = pixels * mpp
    if microns >= 999.5:
        return f"{microns / 1000:,.3f} mm"
    return f"{microns:.1f} µm" if microns >= 9.995 else f"{microns:.2f} µm"


def area_words(pixels: float, mpp: float | None) -> str:
    """An area with its unit."""
    if mpp is None:
        return f"{pixels:,.0f} px²"
    microns = pixels * mpp**2
    if microns >= 99_950:
        return f"{microns / 1e6:,.3f} mm²"
    return f"{microns:,.0f} µm²" if microns >= 999.5 else f"{microns:.1f} µm²"
