"""The facts that no count of a smear can tell: typed in, kept as soon as written."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from marrowscope.gui.theme import BASE, RELATED, SMALL, STEP, font
from marrowscope.report.specimen_fields import TYPED, SpecimenField
from marrowscope.workflow.specimen import unknown_words, unreadable_words

HEADING = "Facts from elsewhere"


class FactsForm(QWidget):
    """`written` carries a fact and its words, when a reader has left its field."""

    written = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self.problems: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        heading = QLabel(HEADING)
        heading.setObjectName("title")
        heading.setFont(font(BASE, bold=True))
        column.addWidget(heading)
        for field in TYPED:
            self._add(column, field)
        column.addStretch(1)

    def _add(self, column: QVBoxLayout, field: SpecimenField) -> None:
        label, problem = QLabel(field.label), QLabel()
        for words, name in ((label, "quiet"), (problem, "calm")):
            words.setObjectName(name)
            words.setFont(font(SMALL))
            words.setWordWrap(True)
        box = self._choice(field) if field.choices else self._line(field)
        box.setAccessibleName(field.label)
        problem.hide()
        self.fields[field.id], self.problems[field.id] = box, problem
        column.addSpacing(RELATED - STEP)
        for widget in (label, box, problem):
            column.addWidget(widget)

    def _choice(self, field: SpecimenField) -> QComboBox:
        box = QComboBox()
        box.addItem(unknown_words(field.id), "")
        for choice in field.choices:
            box.addItem(choice, choice)
        box.setProperty("fact", field.id)
        box.activated.connect(self._on_written)
        return box

    def _line(self, field: SpecimenField) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(unknown_words(field.id))
        line.setProperty("fact", field.id)
        line.editingFinished.connect(self._on_written)
        return line

    def show_words(self, words: Mapping[str, str]) -> None:
        """What is written so far; a field that is being written in stays as it is."""
        for fact, field in self.fields.items():
            said = words.get(fact, "")
            if isinstance(field, QComboBox):
                field.setCurrentIndex(max(field.findData(said), 0))
            elif not field.hasFocus() or not field.isModified():
                field.setText(said)
            problem = unreadable_words(fact, said)
            self.problems[fact].setText(problem)
            self.problems[fact].setVisible(bool(problem))

    @Slot()
    def _on_written(self) -> None:
        field = self.sender()
        if isinstance(field, QComboBox):
            self.written.emit(field.property("fact"), field.currentData())
        elif isinstance(field, QLineEdit):
            field.setModified(False)
            self.written.emit(field.property("fact"), field.text())
