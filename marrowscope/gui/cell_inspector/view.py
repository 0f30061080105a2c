"""The inspector's widgets in their places; it knows readings and no session."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.atlas.jobs import Compared
from marrowscope.gui.cell_inspector.alike import AlikeCells
from marrowscope.gui.cell_inspector.answer_lines import AnswerLines
from marrowscope.gui.cell_inspector.class_bars import ClassBars
from marrowscope.gui.cell_inspector.feature_pips import FeaturePips
from marrowscope.gui.cell_inspector.head import CellHead
from marrowscope.gui.cell_inspector.model import NOTHING_SELECTED, CellReading
from marrowscope.gui.cell_inspector.readers_part import ReadersPart
from marrowscope.gui.theme import (
    BASE,
    GROUP,
    RELATED,
    SMALL,
    STEP,
    Appearance,
    font,
)

MARGIN = 12


class InspectorView(QWidget):
    """The model's answer scrolls; the reader's part stays in reach below it."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.title, self.training = QLabel(), QLabel()
        self.empty = QLabel(NOTHING_SELECTED)
        self.head = CellHead(appearance)
        self.call = AnswerLines(appearance, solid=True)
        self.classes = ClassBars(appearance)
        self.features = FeaturePips(appearance)
        self.alike = AlikeCells(appearance)
        self.reader = ReadersPart(appearance)
        self._hairline = _hairline()
        self._above, self._below = self._scrolling(), self._pinned()
        self._place()
        self._dress()
        appearance.changed.connect(self._dress)

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.empty, 1)
        column.addWidget(self._above, 1)
        column.addWidget(self._hairline)
        column.addWidget(self._below)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMargin(GROUP)

    def _scrolling(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, RELATED, MARGIN, RELATED)
        column.setSpacing(RELATED)
        for widget in (
            self.title,
            self.head,
            self.alike,
            self.classes,
            self.features,
            self.training,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        self.title.setWordWrap(True)  # of many cells it is a sentence
        self.training.setWordWrap(True)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        return area

    def _pinned(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(MARGIN, RELATED, MARGIN, MARGIN)
        column.setSpacing(STEP)
        # One cell for both: "Withdraw" stands at the right of the heading line.
        corner = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
        stack = QGridLayout()
        stack.addWidget(self.call, 0, 0)
        stack.addWidget(self.reader.back, 0, 0, corner)
        column.addLayout(stack)
        column.addWidget(self.reader)
        return holder

    def _dress(self) -> None:
        theme = self._appearance.theme
        tones = (
            (self.title, theme.text, BASE),
            (self.training, theme.calm, SMALL),
            (self.empty, theme.quiet, BASE),
        )
        for label, colour, size in tones:
            label.setFont(font(size, bold=label is self.title))
            label.setStyleSheet(f"color: {colour.name()}")
        self._hairline.setStyleSheet(
            f"background: {theme.hairline.name()}; border: none"
        )

    def show_reading(self, reading: CellReading | None, *, others: int = 0) -> None:
        """Show a cell, or say how to choose one; `others` are selected with it."""
        some = reading is not None
        for widget in (self._above, self._below, self._hairline):
            widget.setVisible(some)
        self.empty.setVisible(not some)
        if reading is None:
            return
        many = f" and {others:,} more selected, calls go to all" if others else ""
        self.title.setText(f"{reading.title}{many}")
        self.head.show_reading(reading)
        self.call.show_reading(reading)
        self.classes.show_shares(reading.classes)
        self.features.show_features(reading.features)
        self.features.setVisible(bool(reading.features))
        self._fit()

    def allow_calls(self, allowed: bool) -> None:
        """Whether anything can be said of cells: not of a case that is fixed."""
        self._below.setEnabled(allowed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the picture what height the words leave, so that grades stay seen."""
        words = (self.title, self.classes, self.features, self.alike, self.training)
        shown = [w for w in words if not w.isHidden()]
        used = sum(_height(w, self.width() - 2 * MARGIN) + RELATED for w in shown)
        used += self.head.words_height() + self._below.sizeHint().height()
        self.head.fit(self.height() - used - 3 * RELATED)

    def show_alike(
        self, found: Compared | None, building: tuple[int, int] | None
    ) -> None:
        """Show the cells most alike, or how far the building of an atlas is."""
        if building is not None:
            self.alike.show_building(*building)
        else:
            self.alike.show_compared(found)
        self.alike.setVisible(found is not None or building is not None)
        self._fit()

    def show_training(self, sentence: str, details: str) -> None:
        """The one calm line about what the model learned from."""
        self.training.setText(sentence)
        self.training.setToolTip(details)
        self.training.setVisible(bool(sentence))


def _height(widget: QWidget, width: int) -> int:
    wraps = widget.hasHeightForWidth()
    return widget.heightForWidth(width) if wraps else widget.sizeHint().height()


def _hairline() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    return line
