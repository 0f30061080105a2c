"""One of two smears: the view, and a line above it that says which slide it shows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.case_state import Changes
from marrowscope.gui.icons import icon
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.slide_memory import SlideMemory
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.theme import RELATED, STEP, Appearance

ICON = QSize(16, 16)
HEIGHT = 34  # pixels


class Pane(QWidget):
    """`chosen` carries the number of the slide that this side shall show."""

    chosen = Signal(int)

    def __init__(
        self, session: CaseSession, appearance: Appearance, remembered: SlideMemory
    ) -> None:
        super().__init__()
        self.view = SlideView(session, appearance, remembered)
        self._session, self._appearance = session, appearance
        self._icons: dict[QToolButton, str] = {}
        self.head = QWidget()
        self.head.setObjectName("paneHead")
        self.head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head.setFixedHeight(HEIGHT)
        self._row = QHBoxLayout(self.head)
        self._row.setContentsMargins(RELATED, 0, RELATED, 0)
        self._row.setSpacing(STEP)
        self.slides = QComboBox()
        self.slides.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.slides.setAccessibleName("Slide on this side")
        self.slides.setMaxVisibleItems(20)
        self._row.addWidget(self.slides, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.view, 1)
        self.head.hide()
        self.slides.activated.connect(self._on_activated)
        self.view.slide_shown.connect(self._show_choice)
        session.changed.connect(self._on_changed)
        appearance.changed.connect(self._dress)
        self._show_names()

    def offer(self, actions: Sequence[tuple[QAction, str]]) -> None:
        """Buttons at the right of the line, each with its icon."""
        for action, icon_name in actions:
            button = QToolButton()
            button.setCheckable(icon_name != "x")
            button.setIconSize(ICON)
            button.setToolTip(action.toolTip())
            button.setAccessibleName(action.toolTip())
            button.setChecked(action.isChecked())
            button.clicked.connect(action.toggle)
            if button.isCheckable():
                action.toggled.connect(button.setChecked)
            self._icons[button] = icon_name
            self._row.addWidget(button)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        for button, name in self._icons.items():
            button.setIcon(icon(name, self._appearance.theme))

    def mark(self, *, active: bool) -> None:
        """Show that keys and selection are this side's."""
        self.head.setProperty("active", active)
        self.head.style().polish(self.head)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self._show_names()

    def _show_names(self) -> None:
        self.slides.clear()
        for entry in self._session.slides:
            self.slides.addItem(entry.name, entry.number)
        self._show_choice()

    @Slot()
    def _show_choice(self) -> None:
        self.slides.setCurrentIndex(self.slides.findData(self.view.number))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self.slides.itemData(index))
        self.view.setFocus()
