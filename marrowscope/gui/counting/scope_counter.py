"""Counting beside a real microscope: a key is a cell, marks belong to the last one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.domain.differential import (
    ConfirmedDifferential,
    confirmed_differential,
)
from marrowscope.domain.key_map import KeyMap, lines_of
from marrowscope.domain.review import Verdict
from marrowscope.gui.case_state import Changes
from marrowscope.gui.counting.keyed_desk import KeyedDesk
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

NOTHING_YET = "Count a cell first: a grade belongs to the cell counted last."
NO_PICTURES = "Beside the microscope there are no pictures to show."


class ScopeCounter(QObject):
    """The reader's keys as cells of the case, without pictures.

    `smear`: what the smear under the microscope is called. For the rest see
    `SmearCounter`.
    """

    changed = Signal()
    said = Signal(str)
    left = Signal()

    def __init__(
        self, session: CaseSession, key_map: KeyMap, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.key_map, self.features = key_map, places.load_features()
        self.desk, self._apart = KeyedDesk(session, self), SaidApart()
        self.judging, self.smear, self.last = True, _numbered(1), ""
        self.milestones = Milestones(self)
        self.desk.ready.connect(self._on_ready)
        session.changed.connect(self._on_changed)

    # What is shown ---------------------------------------------------------------

    @property
    def count(self) -> ConfirmedDifferential:
        """All cells of the case that a person called, keyed or seen on pictures."""
        counts = self._session.counts
        if counts is None:
            return confirmed_differential({}, self._session.taxonomy)
        return counts.confirmed

    @property
    def verdict(self) -> Verdict | None:
        """What was said of the cell counted last."""
        last = self.desk.last
        return None if last is None else self._session.verdicts.get(last)

    @property
    def marks(self) -> Marks:
        verdict = self.verdict
        if verdict is None:
            return Marks()
        return marks_of(verdict.grades, self.key_map, self.features)

    @property
    def lineage(self) -> str:
        verdict = self.verdict
        if verdict is None:
            return ""
        return self._session.taxonomy.lineage_of(verdict.lines)

    def next_smear(self) -> None:
        """The next smear lies under the microscope now."""
        number = 1
        while _numbered(number) in (*self.desk.smears, self.smear):
            number += 1
        self.smear = _numbered(number)
        self.changed.emit()

    # What is pressed -------------------------------------------------------------

    def call(self, target: str, *, dysplastic: bool) -> None:
        session = self._session
        lines = lines_of(target, session.taxonomy)
        if lines is None or not self.desk.is_ready:
            return
        if session.fixed is not None:
            self.said.emit(session.fixed.sentences)
            return
        judged = judgement(
            lines, {}, session.criteria, spaced=dysplastic, judging=self.judging
        )
        self.last = target
        self.desk.count(lines, smear=self.smear, dysplastic=judged)

    def give_grade(self, grade: int) -> None:
        self._put(self.marks.graded(grade), by_grades)

    def mark(self, key: str) -> None:
        if self.key_map.feature(key, self.lineage, self.features) is None:
            name = self.features.name_of(self.key_map.features[key][0])
            cells = "this cell" if self.verdict is None else self._cells()
            self.said.emit(f"{name} is no feature of {cells}.")
            return
        self._put(self.marks.pressed(key), self._apart.judged)

    def _put(self, marks: Marks, judge: Judge) -> None:
        verdict, session = self.verdict, self._session
        if verdict is None or session.fixed is not None:
            fixed = session.fixed
            self.said.emit(NOTHING_YET if fixed is None else fixed.sentences)
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

    def _cells(self) -> str:
        verdict = self.verdict
        return self._session.taxonomy.name_of(verdict.lines).lower() if verdict else ""

    def take_back(self) -> None:
        if self._session.can_undo:
            self._session.undo()

    def step(self, by: int) -> None:
        """There is no next cell but the one under the microscope."""

    def show_examples(self, target: str) -> None:
        self.said.emit(NO_PICTURES)

    def hide_examples(self) -> bool:
        return False

    def leave(self) -> None:
        self.left.emit()

    @Slot()
    def _on_ready(self) -> None:
        smears = self.desk.smears
        self.smear, self.last = smears[-1] if smears else _numbered(1), ""
        self.milestones.begin(self.count.total)
        self.changed.emit()

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self.milestones.begin(self.count.total)
        elif change & Changes.COUNTS and self.desk.is_ready:
            target = self._session.criteria.count_target
            self.milestones.reach(self.count.total, target)
        if change & (Changes.CASE | Changes.COUNTS | Changes.SAVED):
            self.changed.emit()


def _numbered(number: int) -> str:
    return f"smear {number}"
