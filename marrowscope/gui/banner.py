"""One calm line above the smear: what happened, what to do, details to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.case_state import Changes
from marrowscope.gui.icons import pixmap
from marrowscope.gui.messages import Message, Tone
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import GROUP, RELATED, STEP, Appearance

ICONS = {Tone.NOTE: "circle-check", Tone.PROBLEM: "circle-alert"}


class Banner(QFrame):
    """Shows the session's message; hidden while there is none."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._session, self._appearance = session, appearance
        self._sign, self.what, self.advice = QLabel(), QLabel(), QLabel()
        self.advice.setObjectName("advice")
        for label in (self.what, self.advice):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
        self.show_folder = QPushButton("Show folder")
        self.copy_details = QPushButton("Copy details")
        self.close_button = QPushButton("Dismiss")
        self._place()
        self.show_folder.clicked.connect(self._on_show_folder)
        self.copy_details.clicked.connect(self._on_copy)
        self.close_button.clicked.connect(session.dismiss)
        session.changed.connect(self._on_changed)
        self._show(session.message)

    def _place(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(GROUP, RELATED, RELATED, RELATED)
        row.setSpacing(RELATED)
        row.addWidget(self._sign)
        row.addSpacing(STEP)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.what)
        words.addWidget(self.advice)
        row.addLayout(words, 1)
        for button in (self.show_folder, self.copy_details, self.close_button):
            button.setFlat(True)
            row.addWidget(button)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.MESSAGE:
            self._show(self._session.message)

    def _show(self, message: Message | None) -> None:
        self.setVisible(message is not None)
        if message is None:
            return
        theme = self._appearance.theme
        colour = theme.calm if message.tone is Tone.PROBLEM else theme.quiet
        self._sign.setPixmap(pixmap(ICONS[message.tone], colour, 18))
        self.what.setText(message.what)
        self.advice.setText(message.advice)
        self.advice.setVisible(bool(message.advice))
        self.show_folder.setVisible(message.place is not None)
        self.copy_details.setVisible(message.tone is Tone.PROBLEM)

    @Slot()
    def _on_copy(self) -> None:
        if self._session.message is not None:
            QGuiApplication.clipboard().setText(self._session.message.for_support)

    @Slot()
    def _on_show_folder(self) -> None:
        message = self._session.message
        if message is not None and message.place is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(message.place)))
