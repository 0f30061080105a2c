"""Counting on the smear: keys call the cell in hand, and the next one comes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.call_tally import call_tally
from marrowscope.domain.differential import (
    ConfirmedDifferential,
    confirmed_differential,
)
from marrowscope.domain.dysplasia_features import DysplasiaFeatures
from marrowscope.domain.key_map import KeyMap, lines_of
from marrowscope.domain.review import Verdict
from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_inspector.calls import can_be_dysplastic
from marrowscope.gui.counting.marks import (
    Judge,
    Marks,
    SaidApart,
    by_grades,
    judgement,
    marks_of,
)
from marrowscope.gui.counting.milestones import Milestones
from marrowscope.gui.counting.regrading import regrade
from marrowscope.gui.session import CaseSession
from marrowscope.workflow import places

NOTHING_HERE = (
    "There is no cell to call: read the smear, or add the cells that were missed."
)
NO_FEATURE = "{feature} is no feature of {cells}."


class SmearCounter(QObject):
    """The reader's keys as calls of the session's cells.

    `going_on`: the next cell comes by itself after a call. `judging`: a plain key says
    "not dysplastic" of a cell that could be; else it leaves that open. `changed`: marks
    or numbers are others; `said` carries a sentence; `examples_wanted` a class.
    """

    changed = Signal()
    said = Signal(str)
    examples_wanted = Signal(str)
    examples_unwanted = Signal()
    left = Signal()

    def __init__(
        self, session: CaseSession, key_map: KeyMap, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.key_map = key_map
        self.features: DysplasiaFeatures = places.load_features()
        self.going_on, self.judging = True, True
        self.examples_shown = self._counting = False
        self.last = ""  # the class that was called last
        self._waiting, self._apart = Marks(), SaidApart()
        self.milestones = Milestones(self)
        session.changed.connect(self._on_changed)

    def begin(self) -> None:
        """Take a cell in hand, if none is."""
        self._waiting, self._counting = Marks(), True
        self.milestones.begin(self.count.total)
        if self._session.selected is None:
            self._session.go_on()

    def end(self) -> None:
        """No stage is told any more: cells may be called, or keyed, elsewhere."""
        self._counting = False
        self.hide_examples()

    # What is shown ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """What is counted, in words."""
        return self._session.reading.title or "Cells of the case"

    @property
    def count(self) -> ConfirmedDifferential:
        """The cells called: of the list being read, else of the case."""
        session = self._session
        if session.reading.active:
            called = session.verdicts
            mine = (int(cell) for cell in session.reading.cells)
            told = [called[cell] for cell in mine if cell in called]
            return confirmed_differential(call_tally(told), session.taxonomy)
        if session.counts is None:
            return confirmed_differential({}, session.taxonomy)
        return session.counts.confirmed

    @property
    def target(self) -> int:
        """Cells of the whole count."""
        reading, counts = self._session.reading, self._session.counts
        if reading.active:
            return len(reading.cells)
        return counts.target if counts else 0

    @property
    def verdict(self) -> Verdict | None:
        """What was said of the cell in hand."""
        cell = self._session.selected
        return None if cell is None else self._session.verdicts.get(cell.id)

    @property
    def marks(self) -> Marks:
        """Of the cell in hand: those said, else those that wait for its class."""
        verdict = self.verdict
        if verdict is None:
            return self._waiting
        return marks_of(verdict.grades, self.key_map, self.features)

    @property
    def lineage(self) -> str:
        """Of the cell in hand, as far as it may be shown; "" while unknown."""
        session, cell, verdict = self._session, self._session.selected, self.verdict
        if verdict is not None:
            return session.taxonomy.lineage_of(verdict.lines)
        if cell is None or session.vocabulary is None or session.hides_answer(cell.id):
            return ""
        return session.vocabulary.of(cell.class_id).lineage

    # What is pressed -------------------------------------------------------------

    def call(self, target: str, *, dysplastic: bool) -> None:
        session = self._session
        lines = lines_of(target, session.taxonomy)
        if lines is None:
            return
        if session.selected is None:
            session.go_on()
            if session.selected is None:
                self.said.emit(NOTHING_HERE)
            return
        grades = self._grades(lines)
        judged = judgement(
            lines, grades, session.criteria, spaced=dysplastic, judging=self.judging
        )
        self._waiting, self.last = Marks(), target
        called = session.selection.tolist()
        apart = judgement(
            lines, {}, session.criteria, spaced=dysplastic, judging=self.judging
        )
        self._apart.note(called, apart)
        session.call(lines, dysplastic=judged, grades=grades, going_on=self.going_on)

    def _grades(self, lines: tuple[str, ...]) -> dict[str, int]:
        """What waited, as far as cells of this class have it."""
        lineage = self._session.taxonomy.lineage_of(lines)
        if not can_be_dysplastic(lines, self._session.criteria):
            return {}
        for key in self._waiting.features:
            if self.key_map.feature(key, lineage, self.features) is None:
                self._refuse(key, lines)
        return self._waiting.grades(lineage, self.key_map, self.features)

    def give_grade(self, grade: int) -> None:
        self._put(self.marks.graded(grade), by_grades)

    def mark(self, key: str) -> None:
        verdict = self.verdict
        if verdict is not None and not self._has(key, verdict.lines):
            self._refuse(key, verdict.lines)
            return
        self._put(self.marks.pressed(key), self._apart.judged)

    def _has(self, key: str, lines: tuple[str, ...]) -> bool:
        lineage = self._session.taxonomy.lineage_of(lines)
        return self.key_map.feature(key, lineage, self.features) is not None

    def _refuse(self, key: str, lines: tuple[str, ...]) -> None:
        feature = self.features.name_of(self.key_map.features[key][0])
        cells = self._session.taxonomy.name_of(lines).lower()
        self.said.emit(NO_FEATURE.format(feature=feature, cells=cells))

    def _put(self, marks: Marks, judge: Judge) -> None:
        """Of a cell that was called the call changes; else they wait for its class."""
        verdict, session = self.verdict, self._session
        if verdict is None:
            self._waiting = marks
            self.changed.emit()
            return
        refused = regrade(
            session,
            verdict,
            marks,
            judge,
            key_map=self.key_map,
            known=self.features,
        )
        if refused:
            self.said.emit(refused)

    def take_back(self) -> None:
        """Marks that wait are dropped first; then the last step is undone."""
        if self._waiting:
            self._waiting = Marks()
            self.changed.emit()
        elif self._session.can_undo:
            self._session.undo()

    def step(self, by: int) -> None:
        self._waiting = Marks()
        self._session.select_next(by)

    def show_examples(self, target: str) -> None:
        self.examples_shown = True
        self.examples_wanted.emit(target)

    def hide_examples(self) -> bool:
        shown, self.examples_shown = self.examples_shown, False
        if shown:
            self.examples_unwanted.emit()
        return shown

    def leave(self) -> None:
        self.left.emit()

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.SELECTION:
            self._waiting = Marks()
        if change & (Changes.CASE | Changes.READING):
            self.milestones.begin(self.count.total)
        elif change & Changes.COUNTS and self._counting:
            self.milestones.reach(self.count.total, self.target)
        seen = Changes.CASE | Changes.COUNTS | Changes.SELECTION | Changes.READING
        if change & seen:
            self.changed.emit()
