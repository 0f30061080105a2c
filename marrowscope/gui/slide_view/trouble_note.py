"""The sentence over the smear while part of the slide cannot be read."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

from marrowscope.gui.slide_view.tile_trouble import TileTrouble
from marrowscope.gui.theme import GROUP, RELATED, SMALL, STEP, Appearance, font


class TroubleNote(QLabel):
    """In the view's upper left corner; it comes and goes by itself."""

    def __init__(
        self, trouble: TileTrouble, appearance: Appearance, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._trouble, self._appearance = trouble, appearance
        self.setFont(font(SMALL))
        self.setContentsMargins(RELATED, STEP, RELATED, STEP)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("State of the slide's file")
        self.move(GROUP, GROUP)
        trouble.changed.connect(self._show)
        appearance.changed.connect(self._dress)
        self._dress()
        self._show()

    @Slot()
    def _show(self) -> None:
        self.setText(self._trouble.text)
        self.adjustSize()
        self.setVisible(bool(self._trouble.text))

    @Slot()
    def _dress(self) -> None:
        theme = self._appearance.theme
        self.setStyleSheet(
            f"background: {theme.panel.name()}; color: {theme.text.name()};"
            f" border: 1px solid {theme.hairline.name()}; border-radius: 6px;"
        )
