"""The dialogs of a second reading: begin or go on, and settle what differs."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from marrowscope.domain.review import Verdict
from marrowscope.domain.second_reading import Disagreement
from marrowscope.gui.case_state import Changes
from marrowscope.gui.cell_inspector.model import verdict_text
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import BASE, GROUP, RELATED, font
from marrowscope.workflow.agreement_words import how_far, sentences
from marrowscope.workflow.second_reading import (
    Comparison,
    agreed,
    otherwise,
    outcome,
)

BLIND = (
    "The second reader sees neither the first reader's calls nor the model's, and gets"
    " the cells in a random order. Nothing said is in force before it is adjudicated."
)
ALL = "All"
SIDE = 256  # pixels of the cell's picture
WIDE, LEAST_HIGH = 460, 220


class BeginDialog(QDialog):
    """Asks who reads, and how many cells. `begun` carries name and sample (0: all)."""

    begun = Signal(str, int)
    continued = Signal(object)

    def __init__(self, known: Comparison | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Second reader")
        self._known = known
        self.name, self.sample = QLineEdit(), QSpinBox()
        self.name.setPlaceholderText("Name of the second reader")
        self.sample.setRange(0, 100_000)
        self.sample.setSingleStep(25)
        self.sample.setSpecialValueText(ALL)
        self.sample.lineEdit().setTextMargins(RELATED, 0, 0, 0)
        form = QFormLayout()
        form.addRow("Name", self.name)
        form.addRow("Cells", self.sample)
        self.begin, self.go_on = QPushButton("Begin"), QPushButton("Go on")
        self.begin.setObjectName("primary")
        column = _column(self)
        if known is not None:
            # Who goes on reading must not learn here how the calls so far agree.
            said = sentences(known) if known.complete else [how_far(known)]
            column.addWidget(_words("\n".join(said)))
        column.addWidget(_words(BLIND, quiet=True))
        column.addLayout(form)
        column.addStretch(1)
        column.addLayout(_row(self.go_on, self.begin))
        self.go_on.setVisible(known is not None and not known.complete)
        # Words that wrap take no more height by themselves than they had at first.
        self.resize(WIDE, max(LEAST_HIGH, column.totalHeightForWidth(WIDE)))
        self.begin.clicked.connect(self._on_begin)
        self.go_on.clicked.connect(self._on_go_on)

    @Slot()
    def _on_begin(self) -> None:
        self.begun.emit(self.name.text(), self.sample.value())
        self.accept()

    @Slot()
    def _on_go_on(self) -> None:
        if self._known is not None:
            self.continued.emit(self._known.reading)
        self.accept()


class AdjudicateDialog(QDialog):
    """One disagreement after another: the first's call, the second's, or another."""

    def __init__(
        self, session: CaseSession, found: Comparison, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Adjudicate")
        self.resize(520, 660)
        self._session, self._found = session, found
        self._open = list(found.open_)
        self.progress, self.picture = _words(""), QLabel()
        self.picture.setFixedSize(SIDE, SIDE)
        self.first, self.second = QPushButton(), QPushButton()
        self.other, self.later = QComboBox(), QPushButton("Later")
        self.other.addItem("Another…", ())
        for line in session.taxonomy.lines:
            self.other.addItem(line.name, (line.id,))
        column = _column(self)
        self.told = _words("", quiet=True)
        column.addWidget(self.told)
        self.progress.setFont(font(BASE, bold=True))
        column.addWidget(self.progress)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.first)
        column.addWidget(self.second)
        column.addLayout(_row(self.other, self.later))
        column.addStretch(1)
        self.first.clicked.connect(self._on_first)
        self.second.clicked.connect(self._on_second)
        self.other.activated.connect(self._on_other)
        self.later.clicked.connect(self._on_later)
        session.changed.connect(self._on_changed)
        self._show_next()

    @property
    def current(self) -> Disagreement | None:
        """The one to settle now; None when all are settled."""
        return self._open[0] if self._open else None

    def _show_next(self) -> None:
        one = self.current
        now = replace(self._found, open_=tuple(self._open))
        self.told.setText("\n".join(sentences(now)))
        for part in (self.first, self.second, self.other, self.later):
            part.setEnabled(one is not None)
        self.other.setCurrentIndex(0)
        self.picture.clear()
        if one is None:
            self.progress.setText("Nothing is left to settle.")
            return
        self.progress.setText(f"Cell {one.cell:,}, {len(self._open)} to settle")
        for button, verdict in ((self.first, one.first), (self.second, one.second)):
            said = verdict_text(verdict, self._session.taxonomy)
            button.setText(f"{verdict.reader}: {said}")
        self._session.select_cell(one.cell, reveal=True)
        self._show_picture()

    def _show_picture(self) -> None:
        picture, one = self._session.picture, self.current
        if picture is None or one is None or picture.cell != one.cell:
            return
        pixels = picture.pixels
        height, width = pixels.shape[:2]
        stride = pixels.strides[0]
        image = QImage(pixels.data, width, height, stride, QImage.Format.Format_RGB888)
        smooth = Qt.TransformationMode.SmoothTransformation
        self.picture.setPixmap(
            QPixmap.fromImage(image).scaled(
                SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, smooth
            )
        )

    def _settle(self, verdict: Verdict) -> None:
        one = self._open.pop(0)
        self._session.store_step(outcome(self._found.reading, one, verdict))
        self._show_next()

    @Slot()
    def _on_first(self) -> None:
        if self.current is not None:
            self._settle(agreed(self.current.first, reader=self._session.reader))

    @Slot()
    def _on_second(self) -> None:
        if self.current is not None:
            self._settle(agreed(self.current.second, reader=self._session.reader))

    @Slot(int)
    def _on_other(self, index: int) -> None:
        lines = self.other.itemData(index)
        if lines and self.current is not None:
            by = {"reader": self._session.reader, "criteria": self._session.criteria}
            self._settle(otherwise(self.current, tuple(lines), **by))

    @Slot()
    def _on_later(self) -> None:
        self._open.append(self._open.pop(0))
        self._show_next()

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.PICTURE:
            self._show_picture()
        if change & Changes.CASE:
            self.reject()


def _column(dialog: QDialog) -> QVBoxLayout:
    column = QVBoxLayout(dialog)
    column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
    column.setSpacing(RELATED)
    return column


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    for part in parts:
        row.addWidget(part)
    return row


def _words(words: str, *, quiet: bool = False) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if quiet:
        label.setObjectName("quiet")
    return label
