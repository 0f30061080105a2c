"""Compare with an earlier marrow: choose it, read the table, put it in the report."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.serial.choice import EarlierChoice
from marrowscope.gui.serial.desk import BeforeComparing, SerialDesk
from marrowscope.gui.serial.page import SerialPage
from marrowscope.gui.session import CaseSession
from marrowscope.gui.theme import GROUP, RELATED, Theme
from marrowscope.workflow.earlier_cases import SideBySide

PUT, TAKE = "Put into the report", "Take out of the report"


class SerialDialog(QDialog):
    """Non-modal, beside the smear: first the choice, then the comparison."""

    def __init__(
        self, session: CaseSession, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare with an earlier marrow")
        self.resize(1200, 660)
        self.desk = SerialDesk(session, self)
        self.choice, self.page = EarlierChoice(), SerialPage(theme)
        self.other = QPushButton("Another file…")
        self.again = QPushButton("Choose another marrow")
        self.compare, self.keep = QPushButton("Compare"), QPushButton(PUT)
        self.close_ = QPushButton("Close")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.choice)
        self._pages.addWidget(self.page)
        self._kept = False
        self._place()
        self._connect()
        self._turn_to(self.choice)
        self.desk.look()

    def _place(self) -> None:
        for button in (self.compare, self.keep):
            button.setObjectName("primary")
        for button in (self.other, self.again, self.close_):
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(RELATED)
        row.addWidget(self.other)
        row.addWidget(self.again)
        row.addStretch(1)
        for button in (self.close_, self.compare, self.keep):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        column.setSpacing(GROUP)
        column.addWidget(self._pages, 1)
        column.addLayout(row)

    def _connect(self) -> None:
        self.desk.looked.connect(self._on_looked)
        self.desk.compared.connect(self._on_compared)
        self.desk.kept.connect(self._on_kept)
        self.desk.failed.connect(self._on_failed)
        self.choice.chosen.connect(self._start)
        self.choice.marked.connect(self.compare.setEnabled)
        self.other.clicked.connect(self._on_other)
        self.again.clicked.connect(self._on_again)
        self.compare.clicked.connect(self._on_compare)
        self.keep.clicked.connect(self._on_keep)
        self.close_.clicked.connect(self.reject)

    def _turn_to(self, page: QWidget) -> None:
        choosing = page is self.choice
        self._pages.setCurrentWidget(page)
        for button in (self.other, self.compare):
            button.setVisible(choosing)
        for button in (self.again, self.keep):
            button.setVisible(not choosing)
        self.compare.setEnabled(self.choice.path is not None)
        self.keep.setText(TAKE if self._kept else PUT)
        self.keep.setEnabled(self.desk.may_write)

    @Slot(object)
    def _on_looked(self, before: BeforeComparing) -> None:
        self.choice.fill(before.known)
        self._kept = before.kept is not None
        if before.kept is not None:
            self.page.tell(before.kept)
            self._turn_to(self.page)

    @Slot()
    def _on_other(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "The earlier marrow: its case, or a slide", str(self.desk.folder)
        )
        if name:
            self._start(Path(name))

    @Slot()
    def _on_compare(self) -> None:
        if self.choice.path is not None:
            self._start(self.choice.path)

    @Slot(object)
    def _start(self, earlier: Path) -> None:
        self.compare.setEnabled(False)
        self.desk.compare(earlier)

    @Slot(object)
    def _on_compared(self, found: SideBySide) -> None:
        self._kept = False
        self.page.tell(found)
        self._turn_to(self.page)

    @Slot()
    def _on_again(self) -> None:
        self._turn_to(self.choice)

    @Slot()
    def _on_keep(self) -> None:
        found = self.page.comparison
        if found is not None:
            self.keep.setEnabled(False)
            self.desk.keep(None if self._kept else found.then)

    @Slot(bool)
    def _on_kept(self, kept: bool) -> None:
        self._kept = kept
        self._turn_to(self.page)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.choice.words.setText(str(error))
        self._turn_to(self.page if self.page.isVisible() else self.choice)
