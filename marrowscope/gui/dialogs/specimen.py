"""What a reader writes about the specimen, for the head and the end of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.dialogs.specimen_entries import Entry, Input
from marrowscope.gui.theme import BASE, GROUP, RELATED, Theme, font
from marrowscope.workflow.specimen import Section

NOTE = (
    "The program never fills any of these. What you leave empty is printed as a line to"
    " write on, and left out when the report is signed."
)


class SpecimenDialog(QDialog):
    """One scrolling form. `written` carries every field's text when it is saved."""

    written = Signal(dict)

    def __init__(
        self,
        sections: Sequence[Section],
        known: Mapping[str, str],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle("Specimen")
        self.resize(600, 680)
        self.entries: dict[str, Entry] = {}
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
                entry = Entry(field, known.get(field.id, ""), self._theme)
                self.entries[field.id] = entry
                form.addRow(field.label, entry)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        # Else the page is first in line, and what is typed at once is lost.
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.save = QPushButton("Save")
        self.save.setObjectName("primary")
        self.save.setShortcut("Ctrl+Return")
        self.save.setToolTip("Ctrl+Return")
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_save)
        buttons.rejected.connect(self.reject)
        return buttons

    @property
    def words(self) -> dict[str, str]:
        """What stands in every field now."""
        return {name: entry.words for name, entry in self.entries.items()}

    @property
    def fields(self) -> dict[str, Input]:
        """What each field is written into."""
        return {name: entry.input for name, entry in self.entries.items()}

    @Slot()
    def _on_save(self) -> None:
        self.written.emit(self.words)
        self.accept()
