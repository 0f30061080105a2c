"""Selecting cells on the wall: it is the session's selection, and no other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marrowscope.gui.gallery.desk import GalleryDesk


class WallSelection:
    """Clicks, ranges and rubber bands as the session's selection.

    The last cell selected is looked at. `moving`: the selection changes under the
    reader's hand, so the wall stays where it is.
    """

    def __init__(self, desk: GalleryDesk) -> None:
        self._desk = desk
        self._anchor: int | None = None  # a cell
        self._kept = np.zeros(0, np.int64)
        self.moving = False

    def only(self, place: int) -> None:
        """This cell and no other."""
        self._anchor = int(self._desk.ids([place])[0])
        self._select([self._anchor])

    def toggle(self, place: int) -> None:
        """This cell too, or not any more."""
        cell = int(self._desk.ids([place])[0])
        others = [one for one in self._chosen().tolist() if one != cell]
        again = len(others) < len(self._chosen())
        self._anchor = cell
        self._select(others if again else [*others, cell])

    def up_to(self, place: int) -> None:
        """All from the cell chosen last to this one."""
        start = self._desk.place_of(self._anchor) if self._anchor is not None else None
        if start is None:
            self.only(place)
            return
        step = 1 if place >= start else -1
        places = np.arange(start, place + step, step)
        self._select(self._desk.ids(self._desk.open_places(places)))

    def begin_band(self, *, add: bool) -> None:
        """A rubber band is being drawn; `add`: to those selected."""
        self._kept = self._chosen() if add else np.zeros(0, np.int64)

    def band(self, places: NDArray[np.intp]) -> None:
        """The band holds these places now."""
        held = self._desk.ids(places)
        self._anchor = int(held[0]) if len(held) else None
        self._select(np.concatenate([self._kept, held]))

    def whole_group(self) -> None:
        """Every cell of the group that is looked at; it stays the one looked at."""
        group = self._desk.group() or next(iter(self._desk.unfolded), None)
        if group is not None:
            self.group(self._desk.wall.groups.index(group))

    def group(self, number: int) -> None:
        """Every cell of this group; of those, the one that is looked at stays so."""
        group, current = self._desk.wall.groups[number], self._desk.current()
        places = np.arange(group.first, group.first + group.count)
        ids = self._desk.ids(places)
        if current is not None and current in places:
            cell = self._desk.ids([current])
            ids = np.concatenate([ids[ids != cell], cell])
        self._select(ids)

    def keep(self, cells: NDArray[np.int64]) -> None:
        """These alone are left of the cells that were selected."""
        self._select(cells)

    def clear(self) -> None:
        self._select([])

    def _chosen(self) -> NDArray[np.int64]:
        return self._desk.session.selection

    def _select(self, cells: NDArray[np.int64] | list[int]) -> None:
        self.moving = True
        self._desk.session.select_cells(cells, found=self._desk.origin)
        self.moving = False
