"""The cells of the slide shown and the pictures of their density, made on a worker."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import LINEAGES, Taxonomy
from marrowscope.gui.jobs import JobRunner, Lane, Progress
from marrowscope.gui.latest_job import LatestJob
from marrowscope.gui.slide_view.density_picture import (
    Colours,
    DensityPicture,
    density_picture,
)
from marrowscope.gui.slide_view.shown_cells import (
    CellsOfSlide,
    ShownCells,
    shown_cells,
    with_calls,
)
from marrowscope.gui.slide_view.shown_changes import redrawn_cells
from marrowscope.store.known_cells import KnownCells, changed_rows

MOST_BOXES = 2500  # above, their density is shown: a frame takes under 8.3 ms
MOST_REDRAWN = 1000  # above, all cells are built anew: it takes no longer
SELECTED: Colours = dict.fromkeys(LINEAGES, (22, 24, 27))


@dataclass(frozen=True, slots=True, eq=False)
class CellsRequest:
    """The cells of a slide, beside what a person says of them.

    `known`: where the table comes from, if from the file; `before`: what is shown;
    `look`: which classes are hidden, and the colours of the others.
    """

    cells: CellsOfSlide
    known: KnownCells | None
    verdicts: Mapping[int, Verdict]
    taxonomy: Taxonomy
    before: BuiltCells | None
    look: Look


@dataclass(frozen=True, slots=True)
class Look:
    """How cells are shown together."""

    hidden: Set[str] = frozenset()
    colours: Colours = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class BuiltCells:
    """Columns and grid, ready to paint, and the cells that they were made from.

    `density`: of the cells as `look` shows them; None where it is to be asked for.
    """

    shown: ShownCells
    known: KnownCells | None
    density: DensityPicture | None = None
    look: Look = Look()


def build_cells(request: CellsRequest, progress: Progress) -> BuiltCells:
    """All of them; where people drew a few, of those shown before.

    What is shown first comes with its density: else others would work in between.
    """
    shown = _redrawn(request)
    if shown is None:
        shown = shown_cells(request.cells)
    called, look = with_calls(shown, request.verdicts, request.taxonomy), request.look
    if request.before is not None or not look.colours:
        return BuiltCells(called, request.known)
    seen = called.seen(look.hidden)
    density = build_density(DensityRequest(called, seen, look.colours), progress)
    return BuiltCells(called, request.known, density, look)


def _redrawn(request: CellsRequest) -> ShownCells | None:
    known, before = request.known, request.before
    if known is None or before is None or before.known is None:
        return None
    changed = changed_rows(before.known, known)
    if changed is None or max(map(len, changed)) > MOST_REDRAWN:
        return None
    return redrawn_cells(before.shown, request.cells, changed)


@dataclass(frozen=True, slots=True, eq=False)
class DensityRequest:
    """Where these of the cells lie, in these colours. `chosen` (N,) says which."""

    shown: ShownCells
    chosen: NDArray[np.bool_]
    colours: Colours


def build_density(request: DensityRequest, progress: Progress) -> DensityPicture:
    """Every level of the picture."""
    return density_picture(request.shown, request.chosen, request.colours)


class CellsBuilder(QObject):
    """`built` says that the cells, their density or that of the selection is new.

    `shown` is None while there are no cells; `seen` (N,) says which are not hidden and
    `running` (N + 1,) how many of those stand before each row. `chosen` (N,) are the
    selected cells, `chosen_rows` their rows.
    """

    built = Signal()

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cells = LatestJob(runner, Lane.CELLS, build_cells, self)
        self._density = LatestJob(runner, Lane.CELLS, build_density, self)
        self._selected = LatestJob(runner, Lane.CELLS, build_density, self)
        self._cells.answered.connect(self._on_cells)
        self._density.answered.connect(self._on_density)
        self._selected.answered.connect(self._on_selected)
        self._look = Look()
        self._selection = np.zeros(0, np.int64)
        self._called: dict[int, None] = {}
        self._verdicts: Mapping[int, Verdict] = {}
        self._taxonomy: Taxonomy | None = None
        self._forget()

    def _forget(self) -> None:
        self.shown: ShownCells | None = None
        self._known: KnownCells | None = None
        self.seen = self.chosen = np.zeros(0, np.bool_)
        self.running = np.zeros(1, np.int32)
        self.chosen_rows = np.zeros(0, np.intp)
        self.density = self.selected = DensityPicture()

    @property
    def idle(self) -> bool:
        """True when everything asked for is built."""
        return self._cells.idle and self._density.idle and self._selected.idle

    def clear(self) -> None:
        """Another slide, or none: what was built means nothing any more."""
        for job in (self._cells, self._density, self._selected):
            job.drop()
        self._forget()
        self.built.emit()

    def build(
        self,
        cells: CellsOfSlide,
        verdicts: Mapping[int, Verdict],
        taxonomy: Taxonomy,
        *,
        known: KnownCells | None = None,
    ) -> None:
        """Build these cells; those shown stay until they are ready.

        `known`: where their table comes from, if it was read from the file.
        """
        self._verdicts, self._taxonomy = verdicts, taxonomy
        self._called.clear()
        shown = self.shown
        before = None if shown is None else BuiltCells(shown, self._known)
        said = dict(verdicts)
        self._cells.ask(CellsRequest(cells, known, said, taxonomy, before, self._look))

    def adopt(self, verdicts: Mapping[int, Verdict]) -> None:
        """What is built, or being built, is shown now; its calls are these."""
        self._verdicts = verdicts
        self.built.emit()

    def call(self, cells: NDArray[np.int64]) -> None:
        """A person says something else of these cells now."""
        if self._taxonomy is None or not len(cells):
            return
        awaited = not self._cells.idle  # their density will be asked for with them
        if awaited:
            self._called.update(dict.fromkeys(cells.tolist()))
        if self.shown is not None:
            self._take_calls(cells.tolist())
            if not awaited:
                self._ask_density()
            self.built.emit()

    def _take_calls(self, cells: list[int]) -> None:
        if self.shown is not None and self._taxonomy is not None:
            self.shown = with_calls(
                self.shown, self._verdicts, self._taxonomy, touched=cells
            )

    def hide(self, hidden: Set[str]) -> None:
        """Show the cells of all classes but these."""
        if hidden != self._look.hidden:
            self._look = replace(self._look, hidden=hidden)
            self._see()
            self._ask_density()
            self.built.emit()

    def colour(self, colours: Colours) -> None:
        """The lineages have these colours."""
        if colours != self._look.colours:
            self._look = replace(self._look, colours=colours)
            self._ask_density()

    def select(self, cells: NDArray[np.int64]) -> None:
        """These are the selected cells, by id."""
        self._selection = cells
        self._choose()

    @Slot(object)
    def _on_cells(self, built: BuiltCells) -> None:
        self.shown, self._known = built.shown, built.known
        if self._called:
            self._take_calls(list(self._called))
        self._choose()
        self._see()
        if built.density is None or built.look != self._look or self._called:
            self._ask_density()
        else:
            self.density = built.density
        self.built.emit()

    def _see(self) -> None:
        if self.shown is not None:
            self.seen = self.shown.seen(self._look.hidden)
            self.running = np.zeros(len(self.seen) + 1, np.int32)
            np.cumsum(self.seen, out=self.running[1:])

    def _choose(self) -> None:
        if self.shown is None:
            return
        rows = self.shown.rows.of(self._selection)
        self.chosen = np.zeros(len(self.shown), np.bool_)
        self.chosen[rows] = True
        self.chosen_rows = np.flatnonzero(self.chosen)
        if len(rows) > MOST_BOXES:
            self._selected.ask(DensityRequest(self.shown, self.chosen, SELECTED))
        else:
            self._selected.drop()
            self.selected = DensityPicture()

    def _ask_density(self) -> None:
        colours = self._look.colours
        if self.shown is not None and colours:
            self._density.ask(DensityRequest(self.shown, self.seen, colours))

    @Slot(object)
    def _on_density(self, picture: DensityPicture) -> None:
        self.density = picture
        self.built.emit()

    @Slot(object)
    def _on_selected(self, picture: DensityPicture) -> None:
        self.selected = picture
        self.built.emit()
