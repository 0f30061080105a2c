"""What a reader writes about the specimen, for the head and the end of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.theme import BASE, GROUP, RELATED, font
from marrowscope.report.specimen_fields import SpecimenField
from marrowscope.workflow.specimen import Section

LONG = ("history", "conclusion", "blood_film", "cellularity")
LINES = 3
Field = QLineEdit | QPlainTextEdit | QComboBox
NOTE = (
    "The program never fills any of these. What you leave empty is printed as a line."
)


class SpecimenDialog(QDialog):
    """One scrolling form. `written` carries every field's text when it is saved."""

    written = Signal(dict)

    def __init__(
        self,
        sections: Sequence[Section],
        known: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Specimen")
        self.resize(560, 640)
        self.fields: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        column.setSpacing(RELATED)
        note = QLabel(NOTE)
        note.setObjectName("quiet")
        note.setWordWrap(True)
        column.addWidget(note)
        column.addWidget(self._form(sections, known), 1)
        column.addWidget(self._buttons())

    def _form(
        self, sections: Sequence[Section], known: Mapping[str, str]
    ) -> QScrollArea:
        page = QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, RELATED, 0)
        form.setVerticalSpacing(RELATED)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for section in sections:
            heading = QLabel(section.title)
            heading.setFont(font(BASE, bold=True))
            heading.setContentsMargins(0, RELATED, 0, 0)
            form.addRow(heading)
            for field in section.fields:
                self.fields[field.id] = _field(field, known.get(field.id, ""))
                form.addRow(field.label, self.fields[field.id])
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        return area

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.save = QPushButton("Save")
        self.save.setObjectName("primary")
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_save)
        buttons.rejected.connect(self.reject)
        return buttons

    @property
    def words(self) -> dict[str, str]:
        """What stands in every field now."""
        return {name: _text(field) for name, field in self.fields.items()}

    @Slot()
    def _on_save(self) -> None:
        self.written.emit(self.words)
        self.accept()


def _field(field: SpecimenField, text: str) -> Field:
    if field.choices:
        return _choice(field.choices, text)
    if field.id not in LONG:
        return QLineEdit(text)
    room = QPlainTextEdit(text)
    room.setTabChangesFocus(True)
    lines = room.fontMetrics().lineSpacing() * LINES
    room.setFixedHeight(lines + 2 * RELATED)
    return room


def _choice(choices: Sequence[str], text: str) -> QComboBox:
    """One of the choices or nothing; words written elsewhere are kept as they are."""
    box = QComboBox()
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.addItems(list(dict.fromkeys(["", *choices, text])))
    box.setCurrentText(text)
    return box


def _text(field: Field) -> str:
    if isinstance(field, QComboBox):
        return field.currentText()
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()
