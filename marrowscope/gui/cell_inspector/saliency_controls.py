"""Where the model looked: on or off, and how dense."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QWidget

from marrowscope.gui.theme import RELATED, SMALL, Appearance, Theme, font

START = 55


class SaliencyControls(QWidget):
    """A switch and a slider; opacity is told as 0 to 1."""

    switched = Signal(bool)
    opacity_changed = Signal(float)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.switch = QPushButton("Where the model looked")
        self.switch.setCheckable(True)
        self.switch.setChecked(True)
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
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
        self._dress()
        appearance.changed.connect(self._dress)
        self.switch.toggled.connect(self._on_switched)
        self.slider.valueChanged.connect(self._on_moved)

    @Slot()
    def _dress(self) -> None:
        self.switch.setFont(font(SMALL))
        self.setStyleSheet(_style_sheet(self._appearance.theme))

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:
        self.slider.setEnabled(on)
        self.switched.emit(on)

    @Slot(int)
    def _on_moved(self, value: int) -> None:
        self.opacity_changed.emit(value / 100)


def _style_sheet(theme: Theme) -> str:
    """Quiet while off; the slider a hairline with a round handle."""
    return f"""
    QPushButton {{
        background: transparent; color: {theme.quiet.name()}; padding: 0 8px;
        border: 1px solid {theme.hairline.name()}; border-radius: 9px;
        min-height: 16px; max-height: 16px;
    }}
    QPushButton:checked {{
        background: {theme.raised.name()}; color: {theme.text.name()};
        border-color: {theme.faint.name()};
    }}
    QPushButton:focus {{ border-color: {theme.accent.name()}; }}
    QSlider::groove:horizontal {{ height: 3px; background: {theme.hairline.name()};
        border-radius: 1px; }}
    QSlider::sub-page:horizontal {{ background: {theme.quiet.name()};
        border-radius: 1px; }}
    QSlider::handle:horizontal {{ width: 12px; height: 12px; margin: -5px 0;
        background: {theme.text.name()}; border-radius: 6px; }}
    QSlider::handle:horizontal:disabled {{ background: {theme.faint.name()}; }}
    """
