"""M:E of the confirmed cells with its formula, and the model's own ratio below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from marrowscope.gui.differential_panel.dysplasia_model import (
    NOT_CALCULABLE,
    RatioLines,
)
from marrowscope.gui.theme import BASE, RELATED, SMALL, Appearance, font


class RatioView(QWidget):
    """Two figures and a formula that may wrap."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._name = QLabel("M:E, confirmed", self)
        self._value = QLabel(self)
        self._formula = QLabel(self)
        self._machine = QLabel("granulocytic : erythroid, suggested", self)
        self._machine_value = QLabel(self)
        self._place()
        self._dress()
        appearance.changed.connect(self._dress)

    def _place(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(RELATED)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(self._value, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._formula, 1, 0, 1, 2)
        grid.addWidget(self._machine, 2, 0)
        grid.addWidget(self._machine_value, 2, 1, Qt.AlignmentFlag.AlignRight)
        for label in (self._formula, self._machine):
            label.setWordWrap(True)

    @property
    def _known(self) -> bool:
        return self._value.text() != NOT_CALCULABLE

    def _dress(self) -> None:
        theme = self._appearance.theme
        known = self._known
        tones = {
            self._name: (theme.text, BASE),
            self._value: (theme.text if known else theme.quiet, BASE),
            self._formula: (theme.quiet, SMALL),
            self._machine: (theme.quiet, SMALL),
            self._machine_value: (theme.quiet, SMALL),
        }
        for label, (colour, size) in tones.items():
            label.setFont(font(size, bold=known and label is self._value))
            label.setStyleSheet(f"color: {colour.name()}; background: transparent")

    def show_ratio(self, lines: RatioLines) -> None:
        """Print these ratios from now on."""
        was_known = self._known
        self._value.setText(lines.confirmed)
        self._formula.setText(lines.formula)
        self._machine.setVisible(bool(lines.suggested))
        self._machine_value.setText(lines.suggested)
        if self._known != was_known:
            self._dress()  # costs more than all the rest: every label is laid out anew
