"""The sentence over the smear while part of the slide cannot be read."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

from marrowscope.gui.slide_view.tile_trouble import TileTrouble
from marrowscope.gui.theme import GROUP, RELATED, SMALL, STEP, Appearance, font


class TroubleNote(QLabel):
    """In the view's upper left corner, `beneath` what is shown there; it comes and
    goes by itself."""

    def __init__(
        self,
        trouble: TileTrouble,
        appearance: Appearance,
        parent: QWidget,
        *,
        beneath: QWidget,
    ) -> None:
        super().__init__(parent)
        self._trouble, self._appearance = trouble, appearance
        self._above = beneath
        beneath.installEventFilter(self)
        self.setFont(font(SMALL))
        self.setContentsMargins(RELATED, STEP, RELATED, STEP)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("State of the slide's file")
        trouble.changed.connect(self._show)
        appearance.changed.connect(self._dress)
        self._dress()
        self._show()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._place()
        return False

    def _place(self) -> None:
        above = self._above
        lower = 0 if above.isHidden() else above.height() + RELATED
        self.move(GROUP, GROUP + lower)

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
