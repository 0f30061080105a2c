"""The case in hand as panels read it: file, slides, model, run; the fields behind."""

from __future__ import annotations

import getpass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.provenance import ModelIdentity
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.unflagged import UnflaggedCheck
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.call_book import CallBook
from marrowscope.gui.case_contents import CaseContents, CellsMet
from marrowscope.gui.case_count import CaseCount
from marrowscope.gui.case_door import CaseDoor
from marrowscope.gui.case_notices import CaseNotices
from marrowscope.gui.case_signing import CaseSigning
from marrowscope.gui.case_specimen import CaseSpecimen
from marrowscope.gui.case_state import InView, RunState, SlideEntry
from marrowscope.gui.case_zones import CaseZones
from marrowscope.gui.focus import Focus
from marrowscope.gui.jobs import JobRunner
from marrowscope.gui.messages import PROTECTED, SIGNED, Message
from marrowscope.gui.model_shelf import ModelShelf
from marrowscope.gui.reading_list import ReadingList
from marrowscope.gui.region_book import RegionBook
from marrowscope.gui.run_control import RunControl
from marrowscope.gui.seen_cells import SeenCells
from marrowscope.gui.slide_colours import SlideColours
from marrowscope.imaging.slide import Slide
from marrowscope.inference.bundle import Bundle
from marrowscope.workflow import places
from marrowscope.workflow.counting import Counts
from marrowscope.workflow.fields_read import FieldsRead
from marrowscope.workflow.inputs import FailedInput
from marrowscope.workflow.opening import OpenedCase


class CaseInHand(QObject):
    """What `CaseSession` says of the case, and none of its cells.

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
    def protected(self) -> bool:
        """True where the case may not be written to: it is only looked at."""
        return self._door.case is not None and self._door.case.file.read_only

    @property
    def fixed(self) -> Message | None:
        """Why nothing in the case is changed; None where it may be."""
        if self.protected:
            return PROTECTED
        return None if self.signing.signed is None else SIGNED

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
    def coming_cells(self) -> CellsMet | None:
        """The cells of that slide, as soon as they are read."""
        return self._door.coming_cells

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
