"""The panel's widgets in their places; it knows figures and nothing of a session."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from marrowscope.gui.differential_panel.count_header import CountHeader
from marrowscope.gui.differential_panel.figures import Figures
from marrowscope.gui.differential_panel.layer_key import LayerKey
from marrowscope.gui.differential_panel.layer_table import LayerTableView
from marrowscope.gui.differential_panel.ratio_view import RatioView
from marrowscope.gui.differential_panel.threshold_bars import ThresholdBars
from marrowscope.gui.theme import BASE, GROUP, RELATED, SMALL, STEP, Appearance, font

MARGIN = 12


class DifferentialView(QScrollArea):
    """From the top: the count, dysplasia, blasts, the tables they rest on, M:E."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.header = CountHeader(appearance)
        self.basis, self.extent = QLabel(), QLabel()
        self.apart, self.unflagged = QLabel(), QLabel()
        self._remarks = (self.basis, self.extent, self.apart, self.unflagged)
        for label in self._remarks:
            label.setWordWrap(True)
            label.setFont(font(SMALL))
        self.key = LayerKey(appearance)
        self.dysplasia = ThresholdBars(appearance)
        self.blasts = ThresholdBars(appearance)
        self.ratio = RatioView(appearance)
        self.title = QLabel()
        self.suggested = LayerTableView(appearance, solid=False)
        self.confirmed = LayerTableView(appearance, solid=True)
        self._headings = (QLabel("Dysplasia, % of each lineage"), self.title)
        self._inside = QWidget()
        self._place()
        self._dress()
        appearance.changed.connect(self._dress)

    def _place(self) -> None:
        inside = self._inside
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(0)
        groups = (
            (
                *(self.header, self.basis, self.extent, self.apart),
                *(self._headings[0], self.key, self.dysplasia, self.unflagged),
            ),
            (self.blasts,),
            (self.title, self.suggested, self.confirmed),
            (self.ratio,),
        )
        for number, group in enumerate(groups):
            if number:
                _separate(column)
            for widget in group:
                column.addWidget(widget)
                column.addSpacing(STEP)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)

    def _dress(self) -> None:
        theme = self._appearance.theme
        for heading in self._headings:
            heading.setFont(font(BASE, bold=True))
            heading.setStyleSheet(f"color: {theme.text.name()}")
        for label in self._remarks:
            label.setStyleSheet(f"color: {theme.quiet.name()}")
        for line in self.findChildren(QFrame, "hairline"):
            line.setStyleSheet(f"background: {theme.hairline.name()}; border: none")

    def minimumSizeHint(self) -> QSize:
        """Never narrower than what it shows: it is not scrolled to the side."""
        bar = self.verticalScrollBar().sizeHint().width()
        width = self._inside.minimumSizeHint().width() + bar
        return QSize(width, super().minimumSizeHint().height())

    def show_figures(self, figures: Figures) -> None:
        """Show these figures from now on."""
        tables = figures.tables
        self.header.show_totals(tables.progress, suggested=tables.suggested.total)
        self.title.setText(tables.title)
        said = (figures.basis, figures.extent, figures.apart, figures.unflagged)
        for label, words in zip(self._remarks, said, strict=True):
            label.setText(words)
            label.setVisible(bool(words))
        self.suggested.show_table(tables.suggested)
        self.confirmed.show_table(tables.confirmed)
        self.dysplasia.show_bars(figures.dysplasia)
        self.blasts.show_bars([figures.blasts])
        self.ratio.show_ratio(figures.ratio)


def _separate(column: QVBoxLayout) -> None:
    """A hairline between two groups."""
    line = QFrame()
    line.setObjectName("hairline")
    line.setFixedHeight(1)
    column.addSpacing(RELATED)
    column.addWidget(line)
    column.addSpacing(GROUP - STEP)
