"""Cells that are read one after another: a count drawn, a queue, what was gathered."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QObject, Signal

from marrowscope.domain.review import Origin, Verdict


class ReadingList(QObject):
    """Cells by id in the order to read them in, and which one is being read.

    `title` says on screen what is read, "" while nothing is. `reads_blind`: what the
    model says of a cell is not shown before the reader has called it. `origin`: how its
    cells were found, as their calls will say. `um_per_pixel`: microns of the slide per
    pixel of the screen that each cell is shown at, with its neighbours around it; None:
    as the reader likes. `again`: nobody picked its cells, so that what was called in
    review is called here once more, and is part of the sample from then on.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.held = self.veiled = False
        self._clear()

    def _clear(self) -> None:
        self.title, self.origin, self.again = "", Origin.MET, False
        self.reads_blind = self.sealed = self.held
        self.um_per_pixel: float | None = None
        self.cells: NDArray[np.int64] = np.zeros(0, np.int64)
        self.place = 0

    @property
    def blind(self) -> bool:
        """True while nobody is shown what the model says of a cell not yet called.

        The list is read so, or the reader wants no suggestions, list or none.
        """
        return self.reads_blind or self.veiled

    @property
    def active(self) -> bool:
        return bool(self.title)

    @property
    def current(self) -> int | None:
        """The cell that is being read; None for an empty list."""
        return int(self.cells[self.place]) if len(self.cells) else None

    def begin(
        self,
        title: str,
        cells: ArrayLike,
        *,
        blind: bool = False,
        origin: Origin = Origin.MET,
        um_per_pixel: float | None = None,
        sealed: bool = False,
        again: bool = False,
    ) -> None:
        """Read these cells from the first on, instead of what was read before.

        `sealed`: what the model says stays hidden after a call too.
        """
        if not title:
            raise ValueError("a reading list has a title")
        self.title, self.origin = title, origin
        self.reads_blind = blind or self.held
        self.um_per_pixel, self.again = um_per_pixel, again
        self.sealed = sealed or self.held
        self.cells, self.place = np.array(cells, np.int64), 0
        self.changed.emit()

    def hides(self, cell: int, called: Container[int]) -> bool:
        """True while what the model says of this cell shall not be seen."""
        return self.blind and (self.sealed or cell not in called)

    def renew(self, cells: ArrayLike) -> None:
        """The list holds these cells now; the cell that is being read stays in hand."""
        current, self.cells = self.current, np.array(cells, np.int64)
        same = np.flatnonzero(self.cells == current)
        last = max(len(self.cells) - 1, 0)
        self.place = int(same[0]) if len(same) else min(self.place, last)
        self.changed.emit()

    def see(self, *, blind: bool) -> None:
        """Hide what the model says of cells not yet called, or show it."""
        if self.active and not self.held and blind != self.reads_blind:
            self.reads_blind = blind
            self.changed.emit()

    def veil(self, wanted: bool) -> None:
        """Hide suggestions until a cell is called, whatever is read; or no more."""
        if wanted != self.veiled:
            self.veiled = wanted
            self.changed.emit()

    def hold(self, held: bool) -> None:
        """Whatever is read, or nothing, stays blind and sealed from now on, or no more.

        A second reader ends a list, or begins another, and sees no more for it.
        """
        if held != self.held:
            self.held = held
            if held or not self.active:
                self.reads_blind = self.sealed = held
            self.changed.emit()

    def end(self) -> None:
        """Nothing is read one after another any more."""
        if self.active:
            self._clear()
            self.changed.emit()

    def origins(
        self,
        cells: Sequence[int],
        called: Mapping[int, Verdict],
        *,
        here: Sequence[Origin],
    ) -> list[Origin]:
        """How these cells were found: those called before as they were found then.

        Then as the list says, where it holds them; else as each was found just now.
        """
        listed = np.isin(np.asarray(cells, np.int64), self.cells).tolist()
        return [
            called[cell].origin
            if cell in called and not (mine and self.again)
            else self.origin
            if mine and (self.again or self.origin is not Origin.MET)
            else now
            for cell, mine, now in zip(cells, listed, here, strict=True)
        ]

    def open(self, cell: int, called: Mapping[int, Verdict]) -> bool:
        """True for a cell that is still to be called."""
        return cell not in called or (self.again and called[cell].chosen)

    def go_to(self, cell: int) -> None:
        """Go on from this cell, where the list holds it."""
        same = np.flatnonzero(self.cells == cell)
        if len(same) and same[0] != self.place:
            self.place = int(same[0])
            self.changed.emit()

    def step(self, by: int) -> int | None:
        """The cell so many places on or back, round the ends; it is in hand now."""
        if not len(self.cells):
            return None
        self.place = (self.place + by) % len(self.cells)
        self.changed.emit()
        return self.current

    def to_read(self, called: Mapping[int, Verdict]) -> int | None:
        """The next cell still to be called, round the end; None when all are called.

        It is in hand now.
        """
        for by in range(1, len(self.cells) + 1):
            if self.open(int(self.cells[(self.place + by) % len(self.cells)]), called):
                return self.step(by)
        return None
