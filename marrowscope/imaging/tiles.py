"""Where the fields of a run lie: overlapping fields whose cores tile the region."""

from __future__ import annotations

import math
from dataclasses import dataclass

from marrowscope.domain.errors import UnreadableRegion
from marrowscope.domain.geometry import Box


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """One field. `box`: what is read; `core`: the part whose cells are this field's.

    Both in level-0 pixels. A cell belongs to the field whose core holds its centre.
    """

    number: int
    box: Box
    core: Box


@dataclass(frozen=True, slots=True)
class _Span:
    """One direction of a field: where it is read and where it owns cells."""

    start: float
    length: float
    core_start: float
    core_end: float


def plan_fields(
    width: int,
    height: int,
    *,
    spec_size: int,
    spec_mpp: float,
    margin_um: float,
    slide_mpp: float,
    region: Box | None = None,
) -> tuple[FieldPlace, ...]:
    """Fields row by row over a slide of `width` x `height` level-0 pixels.

    Every field is `spec_size` pixels at `spec_mpp` wide, unless the slide itself is
    narrower: then the field is as wide as the slide, and the pipeline fills up what the
    reader needs. Cores tile the region exactly; a core keeps `margin_um` away from its
    field's edge, except at the edge of the slide, where nothing lies beyond and the
    core reaches the edge. Fields at a region's inner edge look over it, so that cells
    there are seen whole. Raises UnreadableRegion when the region misses the slide,
    ValueError when the margins leave no core.
    """
    side = spec_size * spec_mpp / slide_mpp
    margin = margin_um / slide_mpp
    if side - 2 * margin < 1:
        raise ValueError(f"margins of {margin_um} µm leave nothing of a field")
    slide = Box(0, 0, width, height)
    wanted = slide if region is None else region.intersection(slide)
    if wanted is None:
        raise UnreadableRegion(
            f"The region asked for lies outside the slide of {width} x {height} "
            "pixels.",
            "Give x, y, width and height in full-size pixels inside the slide.",
        )
    across = _spans(wanted.x, wanted.right, width, side, margin)
    down = _spans(wanted.y, wanted.bottom, height, side, margin)
    pairs = [(row, column) for row in down for column in across]
    return tuple(_place(number, *pair) for number, pair in enumerate(pairs))


def _place(number: int, row: _Span, column: _Span) -> FieldPlace:
    core = Box(
        column.core_start,
        row.core_start,
        column.core_end - column.core_start,
        row.core_end - row.core_start,
    )
    box = Box(column.start, row.start, column.length, row.length)
    return FieldPlace(number, box, core)


def _spans(
    first: float, last: float, end: float, side: float, margin: float
) -> list[_Span]:
    """Fields along one direction whose cores tile `first` to `last` of 0 to `end`."""
    low, high = max(0.0, first - margin), min(end, last + margin)
    starts = _starts(low, high, end, side, margin)
    length = min(side, end)
    inner = [
        float(round((before + length + after) / 2))
        for before, after in zip(starts, starts[1:], strict=False)
    ]
    edges = [first, *(edge for edge in inner), last]
    return [
        _Span(start, length, edges[i], edges[i + 1]) for i, start in enumerate(starts)
    ]


def _starts(
    low: float, high: float, end: float, side: float, margin: float
) -> list[float]:
    """Starts of fields that cover `low` to `high`, evenly spread, inside 0 to `end`."""
    if side >= end:
        return [0.0]
    if side >= high - low:
        middle = math.floor((low + high - side) / 2)
        return [max(min(middle, end - side), high - side, 0.0)]
    # Two pixels are left for rounding starts and cores to whole pixels.
    stride = max(side - 2 * margin - 2, 1.0)
    count = math.ceil((high - low - side) / stride) + 1
    step = (high - low - side) / (count - 1)
    inner = [float(math.floor(low + i * step)) for i in range(count - 1)]
    return [*inner, high - side]
