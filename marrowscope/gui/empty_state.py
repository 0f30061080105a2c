"""What the window shows before anything is open: where to begin."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.icons import pixmap
from marrowscope.gui.theme import BASE, GROUP, LARGE, RELATED, STEP, Appearance, font
from marrowscope.gui.window_memory import Recent

INVITATION = "Drop a slide or a folder of photos here"
OPENING = "Opening…"
LOST = "The slide of this case is not where it was"
MOST_RECENT = 5


class EmptyState(QWidget):
    """`chosen` carries a path of the recent ones."""

    chosen = Signal(object)

    def __init__(
        self,
        appearance: Appearance,
        actions: Sequence[QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._sign, self.words, self._hint = QLabel(), QLabel(INVITATION), QLabel()
        self._buttons = [QPushButton(a.text().replace("&", "")) for a in actions]
        for button, action in zip(self._buttons, actions, strict=True):
            button.clicked.connect(action.trigger)
            button.setToolTip(action.toolTip())
        self._recent = QVBoxLayout()
        self._recent_title = QLabel("Recent")
        self._place()
        self._dress()
        appearance.changed.connect(self._dress)

    def _place(self) -> None:
        middle = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setSpacing(RELATED)
        column.addStretch(3)
        column.addWidget(self._sign, 0, middle)
        column.addSpacing(RELATED)
        column.addWidget(self.words, 0, middle)
        self._hint.setText("Whole slides, photos, DICOM folders, or a case (.marrow)")
        column.addWidget(self._hint, 0, middle)
        column.addSpacing(GROUP)
        row = QHBoxLayout()
        row.setSpacing(RELATED)
        row.addStretch(1)
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(2 * GROUP)
        column.addWidget(self._recent_title, 0, middle)
        self._recent.setSpacing(STEP)
        column.addLayout(self._recent)
        column.addStretch(4)
        self._recent_title.hide()

    @Slot()
    def _dress(self) -> None:
        theme = self._appearance.theme
        self._sign.setPixmap(pixmap("microscope", theme.faint, 56))
        self.words.setFont(font(LARGE))
        for label in (self._hint, self._recent_title):
            label.setFont(font(BASE))
            label.setStyleSheet(f"color: {theme.quiet.name()}")
        self.words.setStyleSheet(f"color: {theme.text.name()}")

    def show_state(self, *, opening: bool, missing: bool) -> None:
        """Say that something is being opened, or that a case has lost its slide."""
        known = LOST if missing else INVITATION
        self.words.setText(OPENING if opening else known)

    def show_recent(self, recent: Sequence[Recent]) -> None:
        """Offer what was open lately."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for known in recent[:MOST_RECENT]:
            button = _RecentButton(known)
            button.picked.connect(self.chosen)
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._recent_title.setVisible(bool(recent))


class _RecentButton(QPushButton):
    picked = Signal(object)

    def __init__(self, known: Recent) -> None:
        super().__init__(known.name)
        self._path = known.path
        self.setFlat(True)
        self.setToolTip(str(known.path))
        self.clicked.connect(self._on_click)

    @Slot()
    def _on_click(self) -> None:
        self.picked.emit(self._path)
