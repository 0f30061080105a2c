"""The dialogs of signing: checks and signature, why it is amended, its versions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from marrowscope.domain.signing import MEANINGS, Signature
from marrowscope.gui.theme import BASE, GROUP, RELATED, STEP, font
from marrowscope.report.wording import date_text
from marrowscope.workflow.sign_checks import Check
from marrowscope.workflow.sign_off import BeforeSigning

NOTHING_OPEN = "Nothing is open."
CONSEQUENCE = (
    "Signing makes the case read-only. What is left open above is printed with the"
    " signature. An amendment opens the case again and keeps this version."
)
KEPT = "The signed version is kept, and the new one says what became otherwise."


class SignDialog(QDialog):
    """Checks first, then name and meaning. `decided` carries both."""

    decided = Signal(str, str)

    def __init__(self, before: BeforeSigning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sign the report")
        self.setModal(True)
        self.resize(600, 620)
        self.name, self.meaning = QLineEdit(), QComboBox()
        self.meaning.addItems(list(MEANINGS))
        self.name.setPlaceholderText("Your name in full")
        self.sign = QPushButton("Sign")
        self._possible = not any(check.forbids for check in before.found)
        column = _column(self)
        column.addWidget(_heading(_found_words(before.found)))
        column.addWidget(_checks(before.found), 1)
        column.addLayout(self._form())
        column.addWidget(_quiet(CONSEQUENCE))
        column.addWidget(_buttons(self, self.sign))
        self.name.textChanged.connect(self._on_name)
        self._on_name("")
        self.sign.clicked.connect(self._on_sign)
        self.name.setFocus()

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(RELATED)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow("Name", self.name)
        form.addRow("Meaning", self.meaning)
        return form

    @Slot(str)
    def _on_name(self, name: str) -> None:
        self.sign.setEnabled(self._possible and bool(name.strip()))

    @Slot()
    def _on_sign(self) -> None:
        self.decided.emit(self.name.text(), self.meaning.currentText())
        self.accept()


class AmendDialog(QDialog):
    """Asks why a signed case is opened again. `decided` carries the reason."""

    decided = Signal(str)

    def __init__(self, signed: Signature, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Amend the report")
        self.setModal(True)
        self.resize(480, 260)
        self.reason, self.amend = QPlainTextEdit(), QPushButton("Amend")
        self.reason.setTabChangesFocus(True)
        column = _column(self)
        said = f"Version {signed.number}: {signed.name}, {date_text(signed.at)}"
        column.addWidget(_heading(said))
        column.addWidget(QLabel("What has to change, and why?"))
        column.addWidget(self.reason, 1)
        column.addWidget(_quiet(KEPT))
        column.addWidget(_buttons(self, self.amend))
        self.reason.textChanged.connect(self._on_reason)
        self._on_reason()
        self.amend.clicked.connect(self._on_amend)

    @Slot()
    def _on_reason(self) -> None:
        self.amend.setEnabled(bool(self.reason.toPlainText().strip()))

    @Slot()
    def _on_amend(self) -> None:
        self.decided.emit(self.reason.toPlainText())
        self.accept()


class VersionsDialog(QDialog):
    """Every signed version, the newest first. `wanted` carries the one to look at."""

    wanted = Signal(int)

    def __init__(
        self, versions: Sequence[Signature], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Signed versions")
        self.resize(560, 420)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, RELATED, 0)
        rows.setSpacing(GROUP)
        self.buttons: dict[int, QPushButton] = {}
        for one in reversed(versions):
            rows.addWidget(self._version(one))
        if not versions:
            rows.addWidget(_quiet("Nobody has signed this case yet."))
        rows.addStretch(1)
        column = _column(self)
        column.addWidget(_scrolled(page), 1)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        column.addWidget(close)

    def _version(self, one: Signature) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addWidget(_heading(f"Version {one.number}, {one.name}"))
        column.addWidget(_words(f"{date_text(one.at)}. {one.meaning}."))
        column.addWidget(_quiet(f"Content SHA-256 {one.sha256}"))
        if one.amended is not None:
            why = one.amended
            said = f"Amended by {why.who}, {date_text(why.at)}: {why.reason}"
            column.addWidget(_words(said))
        button = QPushButton("Open this version")
        button.setProperty("version", one.number)
        button.clicked.connect(self._on_open)
        self.buttons[one.number] = button
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return holder

    @Slot()
    def _on_open(self) -> None:
        self.wanted.emit(self.sender().property("version"))


def _found_words(found: Sequence[Check]) -> str:
    if not found:
        return NOTHING_OPEN
    return f"{len(found)} {'thing is' if len(found) == 1 else 'things are'} still open"


def _checks(found: Sequence[Check]) -> QScrollArea:
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.setContentsMargins(0, 0, RELATED, 0)
    rows.setSpacing(RELATED)
    for check in found:
        line = QVBoxLayout()
        line.setSpacing(0)
        line.addWidget(_words(check.what))
        line.addWidget(_quiet(check.advice))
        rows.addLayout(line)
    rows.addStretch(1)
    return _scrolled(page)


def _column(dialog: QDialog) -> QVBoxLayout:
    column = QVBoxLayout(dialog)
    column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
    column.setSpacing(RELATED)
    return column


def _heading(words: str) -> QLabel:
    label = _words(words)
    label.setFont(font(BASE, bold=True))
    return label


def _words(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    return label


def _quiet(words: str) -> QLabel:
    label = _words(words)
    label.setObjectName("quiet")
    return label


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    return area


def _buttons(dialog: QDialog, primary: QPushButton) -> QDialogButtonBox:
    primary.setObjectName("primary")
    buttons = QDialogButtonBox()
    buttons.addButton(primary, QDialogButtonBox.ButtonRole.ActionRole)
    buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
    buttons.rejected.connect(dialog.reject)
    return buttons
