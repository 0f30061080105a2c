"""The counter beside a real microscope: large numbers, the last cell, every key."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.counting.count_frame import WIDTH
from marrowscope.gui.counting.counter import press
from marrowscope.gui.counting.help_line import HelpLine
from marrowscope.gui.counting.key_caps import class_caps, feature_caps
from marrowscope.gui.counting.keyboard_rows import keyboard, used_rows
from marrowscope.gui.counting.keyboard_view import KeyboardView
from marrowscope.gui.counting.scope_counter import ScopeCounter
from marrowscope.gui.counting.scope_words import last_text, lineage_rows, origin_text
from marrowscope.gui.counting.stage_track import StageTrack
from marrowscope.gui.counting.switches import (
    judging_switch,
    quiet_button,
    sound_switch,
)
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import (
    BASE,
    GROUP,
    LARGE,
    RELATED,
    STEP,
    Appearance,
    font,
)

LEAST_SIZE = QSize(320, 240)
KEY_HEIGHT = 72
# The one number that is read from the eyepieces, an arm's length away.
HUGE = 72
HELP = (
    "A key counts a cell. Space + key: dysplastic  ·  then 0 to 3 and the features:"
    " of the cell counted last  ·  Backspace: undo"
)


class ScopePage(QWidget):
    """`keys_wanted`: the reader wants other keys; `back_wanted`: the smear again."""

    keys_wanted = Signal()
    back_wanted = Signal()

    def __init__(
        self,
        session: CaseSession,
        counter: ScopeCounter,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._counter = session, counter
        self._appearance = appearance
        self.total, self.target, self.origin = QLabel("0"), QLabel(), QLabel()
        self.last, self.marks = QLabel(), QLabel()
        self.word = HelpLine(HELP, counter.milestones)
        self.smear = QLabel()
        self.track = StageTrack(appearance)
        self.keys = KeyboardView(appearance, height=KEY_HEIGHT)
        self.lineages = QGridLayout()
        self._cells: list[tuple[QLabel, QLabel, QLabel]] = []
        self._place()
        self._connect()

    def minimumSizeHint(self) -> QSize:
        """As small as the smear: a page that is hidden must not push the panels."""
        return LEAST_SIZE

    def _place(self) -> None:
        for label in (self.target, self.origin, self.marks, self.smear):
            label.setObjectName("quiet")
        self.total.setFont(_huge())
        self.total.setObjectName("title")
        self.last.setObjectName("title")
        for label in (self.last, self.origin, self.marks, self.word, self.smear):
            label.setWordWrap(True)
        for label, size in ((self.target, LARGE), (self.last, LARGE)):
            label.setFont(font(size, bold=label is self.last))
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        column.setSpacing(RELATED)
        column.addStretch(1)
        column.addLayout(self._numbers())
        column.addWidget(self.track)
        self.lineages.setHorizontalSpacing(2 * GROUP)
        self.lineages.setVerticalSpacing(0)
        column.addLayout(self.lineages)
        column.addStretch(2)
        column.addWidget(self.keys)
        column.addWidget(self.word)
        column.addLayout(self._feet())

    def _numbers(self) -> QHBoxLayout:
        said = QVBoxLayout()
        said.setSpacing(STEP)
        said.addStretch(1)
        said.addWidget(self.last)
        said.addWidget(self.marks)
        said.addSpacing(RELATED)
        said.addWidget(self.target)
        said.addWidget(self.origin)
        said.addWidget(self.smear)
        said.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(2 * GROUP)
        row.addWidget(self.total)
        row.addLayout(said, 1)
        return row

    def _feet(self) -> QHBoxLayout:
        self.next_smear, self.back = QPushButton("Next smear"), QPushButton()
        self.back.setText("Back to the smear")
        self.judging, self.sound = judging_switch(), sound_switch()
        self.edit = quiet_button("Keys…")
        row = QHBoxLayout()
        row.setSpacing(RELATED)
        row.addWidget(self.next_smear)
        row.addStretch(1)
        for button in (self.judging, self.sound, self.edit):
            row.addWidget(button)
        row.addWidget(self.back)
        return row

    def _connect(self) -> None:
        counter = self._counter
        counter.changed.connect(self._refresh)
        counter.said.connect(self.word.say)
        self.keys.pressed.connect(self._on_key)
        self.keys.pressed_dysplastic.connect(self._on_dysplastic_key)
        self.next_smear.clicked.connect(counter.next_smear)
        self.judging.toggled.connect(self._on_switched)
        self.sound.toggled.connect(self._on_switched)
        self.edit.clicked.connect(self.keys_wanted)
        self.back.clicked.connect(self.back_wanted)

    @Slot()
    def _on_switched(self) -> None:
        self._counter.judging = self.judging.isChecked()
        self._counter.milestones.sounding = self.sound.isChecked()

    @Slot(str)
    def _on_key(self, key: str) -> None:
        press(self._counter, key)

    @Slot(str)
    def _on_dysplastic_key(self, key: str) -> None:
        press(self._counter, key, dysplastic=True)

    # Showing ---------------------------------------------------------------------

    @Slot()
    def _refresh(self) -> None:
        if not self.isVisible():
            return
        session, counter = self._session, self._counter
        count = counter.count
        target = session.criteria.count_target
        self.total.setText(f"{count.total:,}")
        self.target.setText(f"of {target:,} cells")
        drawn = session.formal.count is not None
        self.origin.setText(origin_text(count, formal=drawn))
        self.track.show_total(count.total, target)
        last, marks = last_text(counter.verdict, session.taxonomy, counter.features)
        self.last.setText(last)
        self.marks.setText(marks)
        self.back.setVisible(bool(session.slides))
        self._show_smear()
        self._show_lineages()
        near = session.criteria.blast_marks
        caps = class_caps(counter.key_map, session.taxonomy, count, blast_marks=near)
        caps |= feature_caps(
            counter.key_map,
            counter.features,
            lineage=counter.lineage,
            marks=counter.marks,
        )
        self.keys.light(counter.key_map.key_of(counter.last))
        self.keys.show_keys(used_rows(caps, keyboard()), caps)

    def _show_smear(self) -> None:
        counter = self._counter
        cells = counter.desk.by_smear()
        smears = dict.fromkeys((*counter.desk.smears, counter.smear))
        words = (f"{smear}: {cells[smear]:,}" for smear in smears)
        self.smear.setText(f"Counting {counter.smear}  ·  " + "  ·  ".join(words))
        self.origin.setVisible(bool(self.origin.text()))

    def _show_lineages(self) -> None:
        counts = self._session.counts
        found = () if counts is None else counts.confirmed_dysplasia
        threshold = self._session.criteria.dysplasia_threshold
        rows = list(lineage_rows(found, threshold))
        while len(self._cells) < len(rows):
            labels = QLabel(), QLabel(), QLabel()
            for place, label in enumerate(labels):
                label.setFont(font(BASE, bold=place == 1))
                label.setObjectName("title" if place == 1 else "quiet")
                self.lineages.addWidget(label, place, len(self._cells))
                self.lineages.setColumnStretch(len(self._cells), 1)
            self._cells.append(labels)
        for labels, words in zip(self._cells, rows, strict=True):
            for label, said in zip(labels, words, strict=True):
                label.setText(said.capitalize() if label is labels[0] else said)

    def showEvent(self, event: object) -> None:
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, half = self._appearance.theme, int(WIDTH / 2)
        painter.fillRect(self.rect(), theme.panel)
        painter.setPen(QPen(theme.accent, WIDTH))
        painter.drawRect(self.rect().adjusted(half, half, -half, -half))
        painter.end()


def _huge() -> QFont:
    chosen = font(LARGE, bold=True)
    chosen.setPixelSize(HUGE)
    return chosen
