"""How far the picture is turned, and one click that sets it upright."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from marrowscope.gui.icons import icon
from marrowscope.gui.theme import Appearance


class AngleBadge(QToolButton):
    """Seen while the picture is turned; `clicked` asks for it to be upright."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName("angle")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip("The picture is turned. Click to set it upright (U).")
        self.setAccessibleName("Set the picture upright")
        appearance.changed.connect(self._dress)
        self._dress()
        self.hide()

    @Slot()
    def _dress(self) -> None:
        self.setIcon(icon("rotate-ccw", self._appearance.theme))

    def show_angle(self, angle: float) -> None:
        """Degrees clockwise, -180 to 180."""
        if self.text() != angle_text(angle):
            self.setText(angle_text(angle))
            self.adjustSize()
        self.setVisible(angle != 0)


def angle_text(angle: float) -> str:
    """ "12°"; to a tenth where less than a degree. Upside down is 180° either way."""
    digits = 0 if abs(angle) >= 0.95 else 1
    said = f"{angle:.{digits}f}°"
    return "180°" if said == "-180°" else said
