"""Where the model looked: on or off, and how dense."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSlider, QWidget

from marrowscope.gui.theme import RELATED, SMALL, font

START = 55


class SaliencyControls(QWidget):
    """A switch and a slider; `opacity` is 0 to 1."""

    switched = Signal(bool)
    opacity_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.switch = QCheckBox("Where the model looked")
        self.switch.setFont(font(SMALL))
        self.switch.setChecked(True)
        self.switch.setToolTip("Grad-CAM of the suggested class (K)")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setValue(START)
        self.slider.setToolTip("Opacity of the overlay")
        self.slider.setAccessibleName("Opacity of the overlay")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(RELATED)
        row.addWidget(self.switch)
        row.addWidget(self.slider, 1)
        self.switch.toggled.connect(self._on_switched)
        self.slider.valueChanged.connect(self._on_moved)

    def _on_switched(self, on: bool) -> None:
        self.slider.setEnabled(on)
        self.switched.emit(on)

    def _on_moved(self, value: int) -> None:
        self.opacity_changed.emit(value / 100)
