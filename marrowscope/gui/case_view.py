"""What panels read of the session: properties, and the fields behind them."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.cells import Cell
from marrowscope.domain.counted import Counted
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.provenance import ModelIdentity
from marrowscope.domain.regions import Region
from marrowscope.domain.review import History, Verdict
from marrowscope.domain.tally import Tally
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.unflagged import UnflaggedCheck
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.call_book import CallBook
from marrowscope.gui.case_count import CaseCount
from marrowscope.gui.case_door import CaseDoor
from marrowscope.gui.case_jobs import CaseContents
from marrowscope.gui.case_notices import CaseNotices
from marrowscope.gui.case_signing import CaseSigning
from marrowscope.gui.case_specimen import CaseSpecimen
from marrowscope.gui.case_state import CellPicture, InView, RunState, SlideEntry
from marrowscope.gui.case_zones import CaseZones
from marrowscope.gui.edit_jobs import Redrawn
from marrowscope.gui.focus import Focus
from marrowscope.gui.jobs import JobRunner
from marrowscope.gui.messages import Message
from marrowscope.gui.model_shelf import ModelShelf
from marrowscope.gui.reading_list import ReadingList
from marrowscope.gui.region_book import RegionBook
from marrowscope.gui.run_control import RunControl
from marrowscope.gui.seen_cells import SeenCells
from marrowscope.gui.slide_colours import SlideColours
from marrowscope.imaging.display_colour import DisplayColour
from marrowscope.imaging.slide import Slide
from marrowscope.inference.bundle import Bundle
from marrowscope.store.known_cells import KnownCells
from marrowscope.workflow import places
from marrowscope.workflow.counting import Counts
from marrowscope.workflow.fields_read import FieldsRead
from marrowscope.workflow.inputs import FailedInput
from marrowscope.workflow.opening import OpenedCase


class CaseView(QObject):
    """The readable half of `CaseSession`.

    `changed` carries `Changes`, what is different since the last time.
    """

    changed = Signal(object)

    def __init__(
        self, runner: JobRunner | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.runner = runner or JobRunner(self)
        self._door = CaseDoor(self.runner, self)
        self._run = RunControl(self.runner, self)
        self._calls = CallBook(self.runner, self)
        self._focus = Focus(self.runner, self)
        self._shelf = ModelShelf(self.runner, self)
        self._notices = CaseNotices(self.runner, self)
        self._colours = SlideColours(self.runner, self)
        self.zones = CaseZones(self.runner, self)
        self.reading = ReadingList(self)
        self.specimen = CaseSpecimen(self)
        self.seen = SeenCells(self)
        self.signing = CaseSigning(self)
        self.formal = CaseCount(self)
        self._book = RegionBook(self.runner, self)
        self._calls.reader = self._book.who = getpass.getuser()
        self._contents: CaseContents | None = None
        self._table: CellTable | None = None
        self._rows = CellRows(np.zeros(0, np.int64))
        self._vocabulary: ModelVocabulary | None = None
        self._fields: FieldsRead = {}
        self._counted: Counted | None = None
        self._checks: tuple[UnflaggedCheck, ...] = ()
        self._counts: Counts | None = None
        self._in_view = InView()
        self._current: int | None = None
        self._hidden: frozenset[str] = frozenset()
        self._boxes_shown = True
        self._model: ModelIdentity | None = None
        self._device = ""
        self._target: int | None = None
        self._message: Message | None = None

    @property
    def taxonomy(self) -> Taxonomy:
        return places.load_taxonomy()

    @property
    def criteria(self) -> Criteria:
        return places.load_criteria()

    @property
    def case_name(self) -> str:
        """What the case is called; empty before anything was opened."""
        return self._contents.name if self._contents else ""

    @property
    def case_path(self) -> Path | None:
        """Where the case file lies."""
        return self._contents.case.file.path if self._contents else None

    @property
    def opened_case(self) -> OpenedCase | None:
        """The case itself, for jobs; the window's thread never touches its file."""
        return self._door.case

    @property
    def reader(self) -> str:
        """Who is reading, as the journal will say."""
        return self._calls.reader

    @property
    def chosen_model(self) -> str:
        """The name of the model that reads next."""
        return self._shelf.chosen

    @property
    def target(self) -> int | None:
        """Cells after which a reading ends, the best fields first; None: read all."""
        return self._target

    @property
    def read_at_other_scale(self) -> bool:
        """True when the slide shown was read at another scale than it has now."""
        return self.slide is not None and self.slide.read_at_other_scale

    @property
    def inputs(self) -> tuple[Path, ...]:
        """What the user opened the case with."""
        return self._contents.inputs if self._contents else ()

    @property
    def missing(self) -> tuple[FailedInput, ...]:
        """Slides of the case that were moved, and why they could not be opened."""
        failed = self._door.case.failures if self._door.case else ()
        return tuple(one for one in failed if one.slide is not None)

    @property
    def opening(self) -> bool:
        """True while another case is being opened; read no pixels meanwhile."""
        return self._door.opening

    @property
    def coming(self) -> Slide | None:
        """The slide that is shown once its case has been read; its tiles may be."""
        return self._door.coming

    @property
    def slides(self) -> tuple[SlideEntry, ...]:
        return self._door.slides

    @property
    def slide(self) -> SlideEntry | None:
        """The slide that is shown."""
        return self._door.slide(self._current)

    def slide_of(self, number: int | None) -> SlideEntry | None:
        """The slide of that number; None when the case has none such."""
        return self._door.slide(number)

    @property
    def table(self) -> CellTable | None:
        """The cells of all slides of the case; None before anything was read."""
        return self._table

    @property
    def known_cells(self) -> KnownCells | None:
        """What the table was made from; None where it was not read from the file."""
        return self._calls.shown.cells if self._calls.shown else None

    @property
    def tally(self) -> Tally | None:
        """The cells of the table, counted by the model's answers."""
        return self._counted.tally if self._counted else None

    @property
    def counted(self) -> Counted | None:
        """Which cells of the table regions leave in the count; None before a run."""
        return self._counted

    def in_count(self, cells: Sequence[int]) -> NDArray[np.bool_]:
        """(N,) which of these cells, by id, regions leave in the count."""
        if self._counted is None:
            return np.ones(len(cells), np.bool_)
        return self._counted.counts(cells)

    @property
    def vocabulary(self) -> ModelVocabulary | None:
        """What the table's classes and features mean."""
        return self._vocabulary

    @property
    def fields_read(self) -> FieldsRead:
        """The fields that the table's cells come from, empty ones too, by slide."""
        return self._fields

    @property
    def verdicts(self) -> Mapping[int, Verdict]:
        """The reader's calls by cell id."""
        return self._calls.verdicts

    @property
    def called_last(self) -> NDArray[np.int64]:
        """(N,) ids of the cells whose call changed last."""
        return self._calls.called_last

    @property
    def counts(self) -> Counts | None:
        """Both layers, counted again after every change; None without a case."""
        return self._counts

    @property
    def selection(self) -> NDArray[np.int64]:
        """(N,) ids of the selected cells; the last one is looked at."""
        return self._focus.cells

    @property
    def selected(self) -> Cell | None:
        """The cell that is looked at."""
        return self.cell(int(self.selection[-1])) if len(self.selection) else None

    @property
    def in_view(self) -> InView:
        """The cells that are seen on the smear now."""
        return self._in_view

    @property
    def picture(self) -> CellPicture | None:
        """The crop of the selected cell; None until it has been read."""
        return self._focus.picture

    @property
    def hidden_classes(self) -> frozenset[str]:
        """Classes whose boxes are not shown; none while no class may be guessed."""
        return frozenset() if self.reading.blind else self._hidden

    @property
    def boxes_shown(self) -> bool:
        return self._boxes_shown

    def colours_of(self, number: int | None) -> DisplayColour:
        """In which colours a slide is shown; models read its untouched pixels."""
        return self._colours.of(number)

    @property
    def run(self) -> RunState:
        return self._run.state

    @property
    def model(self) -> ModelIdentity | None:
        """The model whose answers are shown, else the one that would read."""
        if self._model is None and self.bundle is not None:
            return self.bundle.identity
        return self._model

    @property
    def bundle(self) -> Bundle | None:
        """Card and files of the model at hand; None until looked up, or when broken."""
        return self._shelf.bundle

    @property
    def model_problem(self) -> Message | None:
        """Why there is no usable model; None while there is one or nobody looked."""
        return self._shelf.problem

    @property
    def device_text(self) -> str:
        """The device at work, such as "CPU, int8"; empty when not yet known."""
        return self._device

    @property
    def saved(self) -> bool:
        """True when everything a person said is on the disk."""
        return self._calls.saved and self._book.saved

    @property
    def can_undo(self) -> bool:
        return bool(self._calls.history.undo) or self._book.last_step > 0

    @property
    def history(self) -> History:
        """What undo and redo would do next, in words; "" for nothing."""
        calls, book = self._calls, self._book
        regions_last = book.last_step > calls.last_step
        regions_next = book.last_undone > calls.last_undone
        return History(
            book.history.undo if regions_last else calls.history.undo,
            book.history.redo if regions_next else calls.history.redo,
        )

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions of all slides of the case, in the order they were drawn in."""
        return self._book.regions

    @property
    def region(self) -> Region | None:
        """The region in hand."""
        chosen = self._book.selected
        return next((r for r in self._book.regions if r.id == chosen), None)

    @property
    def notices(self) -> tuple[str, ...]:
        """What must be said of what was read: nothing alarming, nothing to dismiss."""
        return self._notices.said.sentences

    @property
    def notices_of_photos(self) -> frozenset[str]:
        """Those notices that tell how the photos of the case lie."""
        return self._notices.said.of_photos

    @property
    def message(self) -> Message | None:
        """The one banner there is."""
        return self._message

    def _hold(self, table: CellTable | None, shown: Redrawn | None = None) -> None:
        self._table, self._calls.shown = table, shown
        self._rows = CellRows(np.zeros(0, np.int64) if table is None else table.id)

    def cell(self, cell_id: int) -> Cell | None:
        """The cell of that id, None when the table does not hold it (any more)."""
        if self._table is None:
            return None
        row = self._rows.row(cell_id)
        return None if row is None else self._table.cell(row)
