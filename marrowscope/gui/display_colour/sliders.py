"""A slider with its name and its figure."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider

from marrowscope.imaging.display_colour import GAMMA_LIMITS

FULL = 100  # steps to either side
FIGURE_WIDTH = 56  # pixels


class Share(QSlider):
    """A share from -1 to 1, 0 in the middle. `moved` when a reader moves it."""

    moved = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("balance")
        self.setRange(-FULL, FULL)
        self.setPageStep(10)
        self.setAccessibleName(name)
        self.setMinimumWidth(200)
        self.name, self.figure = QLabel(name), QLabel()
        self.name.setBuddy(self)
        self.figure.setObjectName("quiet")
        self.figure.setMinimumWidth(FIGURE_WIDTH)
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.valueChanged.connect(self._on_value)
        self.figure.setText(self.words)

    def place(self, grid: QGridLayout, row: int) -> None:
        """Name, slider and figure, in a row of three columns."""
        for column, part in enumerate((self.name, self, self.figure)):
            grid.addWidget(part, row, column)

    @property
    def amount(self) -> float:
        return self.value() / FULL

    @property
    def words(self) -> str:
        """The figure beside the slider."""
        return f"{self.amount:+.0%}".replace("%", " %") if self.value() else "0 %"

    def show_amount(self, amount: float) -> None:
        """Stand there, without telling anybody."""
        self.blockSignals(True)
        self.setValue(round(amount * FULL))
        self.blockSignals(False)
        self.figure.setText(self.words)

    @Slot()
    def _on_value(self) -> None:
        self.figure.setText(self.words)
        self.moved.emit()


class Gamma(Share):
    """Gamma: the middle is 1, the ends are its limits."""

    @property
    def amount(self) -> float:
        low, high = GAMMA_LIMITS
        end = high if self.value() >= 0 else 1 / low
        return round(end ** (self.value() / FULL), 3)

    @property
    def words(self) -> str:
        return f"{self.amount:.2f}"

    def show_amount(self, amount: float) -> None:
        nearest = min(range(-FULL, FULL + 1), key=lambda v: abs(_gamma(v) - amount))
        super().show_amount(nearest / FULL)


def _gamma(value: int) -> float:
    low, high = GAMMA_LIMITS
    return (high if value >= 0 else 1 / low) ** (value / FULL)
