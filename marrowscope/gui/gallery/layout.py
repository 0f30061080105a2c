"""Where headings and tiles of a wall lie, in pixels of the whole wall from its top."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect

from marrowscope.gui.gallery.arranging import Group

HEADING, GAP, MARGIN = 28, 4, 8  # pixels


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of tiles of one group that lie in sight: places `first` to `end`."""

    group: int
    first: int
    end: int


class WallLayout:
    """A wall of this width whose tiles are `side` pixels across.

    `folded`: ids of groups that are headings and nothing else. Nothing here costs more
    for more cells: only groups are looked at.
    """

    def __init__(
        self,
        groups: Sequence[Group],
        *,
        width: int,
        side: int,
        folded: Collection[str] = (),
    ) -> None:
        self.groups, self.side = groups, side
        self._open = [group.id not in folded for group in groups]
        room = width - 2 * MARGIN + GAP
        self._steps = [side * g.span + GAP * g.span for g in groups]
        self._columns = [max(1, room // step) for step in self._steps]
        heights = [HEADING + self._lines(n) * s for n, s in enumerate(self._steps)]
        self.tops = np.concatenate([[0], np.cumsum(heights, dtype=np.int64)])

    def _lines(self, group: int) -> int:
        if not self._open[group]:
            return 0
        return -(-self.groups[group].count // self._columns[group])

    @property
    def height(self) -> int:
        """Of the whole wall."""
        return int(self.tops[-1]) + MARGIN

    def is_open(self, group: int) -> bool:
        """True when its cells stand on the wall, and not its heading alone."""
        return self._open[group]

    def columns(self, group: int) -> int:
        """Tiles in a row of this group."""
        return self._columns[group]

    def tile(self, group: int) -> int:
        """Pixels across a tile of this group."""
        return self._steps[group] - GAP

    def group_at(self, y: int) -> int | None:
        """The group whose heading or tiles lie there; None on an empty wall."""
        if not self.groups:
            return None
        found = int(np.searchsorted(self.tops, y, side="right")) - 1
        return min(max(found, 0), len(self.groups) - 1)

    def in_sight(self, top: int, bottom: int) -> Iterator[Rows]:
        """Rows of tiles that touch this part of the wall, group by group."""
        first = self.group_at(top)
        last = self.group_at(bottom)
        if first is None or last is None:
            return
        for number in filter(self.is_open, range(first, last + 1)):
            start, step = int(self.tops[number]) + HEADING, self._steps[number]
            columns, count = self._columns[number], self.groups[number].count
            low = max(0, (top - start) // step) * columns
            high = min(count, ((bottom - start) // step + 1) * columns)
            if high > low:
                base = self.groups[number].first
                yield Rows(number, base + low, base + high)

    def places(self, top: int, bottom: int) -> NDArray[np.intp]:
        """Every place whose tile touches this part of the wall."""
        parts = [np.arange(r.first, r.end) for r in self.in_sight(top, bottom)]
        return np.concatenate(parts) if parts else np.zeros(0, np.intp)

    def corners(self, rows: Rows) -> NDArray[np.float64]:
        """(n, 2) left and top of the tiles of these rows."""
        group = self.groups[rows.group]
        within = np.arange(rows.first, rows.end) - group.first
        line, column = np.divmod(within, self._columns[rows.group])
        step = self._steps[rows.group]
        start = int(self.tops[rows.group]) + HEADING
        return np.stack([MARGIN + column * step, start + line * step], axis=1) * 1.0

    def rect(self, place: int) -> QRect:
        """The tile of one place; the heading of a group that is folded."""
        number = self.group_of(place)
        if not self._open[number]:
            return QRect(MARGIN, int(self.tops[number]), self.side, HEADING)
        (corner,) = self.corners(Rows(number, place, place + 1))
        side = self.tile(number)
        return QRect(int(corner[0]), int(corner[1]), side, side)

    def group_of(self, place: int) -> int:
        """The group that a place is in."""
        firsts = [group.first for group in self.groups]
        return int(np.searchsorted(firsts, place, side="right")) - 1

    def heading_at(self, y: int) -> int | None:
        """The group whose heading lies there."""
        number = self.group_at(y)
        inside = number is not None and 0 <= y - self.tops[number] < HEADING
        return number if inside else None

    def at(self, x: int, y: int) -> int | None:
        """The place whose tile lies there."""
        number = self.group_at(y)
        if number is None or not self._open[number]:
            return None
        step, group = self._steps[number], self.groups[number]
        line, below = divmod(y - int(self.tops[number]) - HEADING, step)
        column, beside = divmod(x - MARGIN, step)
        inside = max(below, beside) < step - GAP
        if not inside or line < 0 or not 0 <= column < self._columns[number]:
            return None
        within = line * self._columns[number] + column
        return group.first + within if within < group.count else None

    def touched(self, band: QRect) -> NDArray[np.intp]:
        """Places whose tiles a rubber band touches."""
        found = [np.zeros(0, np.intp)]
        for rows in self.in_sight(band.top(), band.bottom()):
            left = self.corners(rows)[:, 0]
            side = self.tile(rows.group)
            top = self.corners(rows)[:, 1]
            across = (left <= band.right()) & (left + side > band.left())
            down = (top <= band.bottom()) & (top + side > band.top())
            found.append(np.arange(rows.first, rows.end)[across & down])
        return np.concatenate(found)

    def step_beside(self, place: int, by: int) -> int:
        """The place before or after, past folded groups; the same at either end."""
        number, wanted = self.group_of(place), place + by
        group = self.groups[number]
        if group.first <= wanted < group.first + group.count:
            return wanted
        there = self.open_beside(number, by)
        if there is None:
            return place
        near = self.groups[there]
        return near.first if by > 0 else near.first + near.count - 1

    def step_down(self, place: int, by: int) -> int:
        """The place so many rows further down, or up: into the next group at its end.

        The column is kept as far as there is one; folded groups are passed by.
        """
        number = self.group_of(place)
        group, columns = self.groups[number], self._columns[number]
        line, column = divmod(place - group.first, columns)
        wanted, last = line + by, (group.count - 1) // columns
        if 0 <= wanted <= last:
            return group.first + min(wanted * columns + column, group.count - 1)
        there = self.open_beside(number, by)
        if there is None:
            return group.first if wanted < 0 else group.first + group.count - 1
        near, wide = self.groups[there], self._columns[there]
        lines = (near.count - 1) // wide if by < 0 else 0
        return near.first + min(lines * wide + min(column, wide - 1), near.count - 1)

    def open_beside(self, group: int, way: int) -> int | None:
        """The next group that is not folded, down the wall or up; None for none."""
        count = len(self.groups)
        numbers = range(group + 1, count) if way > 0 else range(group - 1, -1, -1)
        return next(filter(self.is_open, numbers), None)

    def ends(self) -> tuple[int, int] | None:
        """The first place and the last that are not folded away."""
        here = list(filter(self.is_open, range(len(self.groups))))
        if not here:
            return None
        last = self.groups[here[-1]]
        return self.groups[here[0]].first, last.first + last.count - 1
