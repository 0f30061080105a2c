"""Asks what is under the microscope, before it is counted."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.theme import GROUP, RELATED

NOTE = (
    "Beside your own microscope the keys count cells without pictures. Report, "
    "thresholds and undo are the same; cells counted so are marked everywhere."
)


class MicroscopeDialog(QDialog):
    """`new_wanted` carries the name of a new case; `own_wanted`: the one that is open.

    `open_case`: what the case in hand is called, "" for none.
    """

    new_wanted = Signal(str)
    own_wanted = Signal()

    def __init__(self, open_case: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Count at the microscope")
        self.setMinimumWidth(460)
        note = QLabel(NOTE)
        note.setObjectName("quiet")
        note.setWordWrap(True)
        self.own = QRadioButton(f"Add to the case that is open: {open_case}")
        self.new = QRadioButton("Begin a new case:")
        self.name = QLineEdit()
        self.name.setPlaceholderText("What the specimen is called")
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        column.setSpacing(RELATED)
        for widget in (note, self.own, self.new, self.name):
            column.addWidget(widget)
        column.addSpacing(RELATED)
        column.addWidget(self._buttons())
        self.own.setVisible(bool(open_case))
        (self.own if open_case else self.new).setChecked(True)
        self.name.textChanged.connect(self._on_named)
        self.new.toggled.connect(self._refresh)
        self._refresh()
        if not open_case:
            self.name.setFocus()

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.count = QPushButton("Count")
        self.count.setObjectName("primary")
        buttons.addButton(self.count, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_count)
        buttons.rejected.connect(self.reject)
        return buttons

    @Slot()
    def _on_named(self) -> None:
        self.new.setChecked(True)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        named = bool(self.name.text().strip())
        self.count.setEnabled(self.own.isChecked() or named)

    @Slot()
    def _on_count(self) -> None:
        if self.own.isChecked():
            self.own_wanted.emit()
        else:
            self.new_wanted.emit(self.name.text().strip())
        self.accept()
