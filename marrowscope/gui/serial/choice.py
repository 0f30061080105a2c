"""Which case is the earlier marrow: those read on this machine, or another file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from marrowscope.domain.days import day_words
from marrowscope.gui.theme import BASE, RELATED, SMALL, font
from marrowscope.report.wording import day_text
from marrowscope.workflow.earlier_cases import KnownCase

SAME_FIRST = "Cases with confirmed cells on this machine, the same patient’s first."
NONE_KNOWN = (
    "No other case with confirmed cells is known on this machine. Choose the case file"
    " of the earlier marrow, or a slide that it was read from."
)
NOT_ENTERED = "not entered"
_PATH = int(Qt.ItemDataRole.UserRole)


class EarlierChoice(QWidget):
    """`chosen` carries a case file that was double-clicked."""

    chosen = Signal(object)
    marked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.words, self.list = QLabel(SAME_FIRST), QTreeWidget()
        self.words.setWordWrap(True)
        self.words.setObjectName("quiet")
        head = QLabel("Which is the patient’s earlier marrow?")
        head.setFont(font(BASE, bold=True))
        self.list.setAccessibleName("Earlier cases")
        self.list.setHeaderLabels(["Case", "Patient", "Aspirated", "Last cell called"])
        self.list.setRootIsDecorated(False)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.header().setFont(font(SMALL))
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(RELATED)
        column.addWidget(head)
        column.addWidget(self.words)
        column.addWidget(self.list, 1)
        column.addStretch()  # beneath the words, where there is no list
        self.list.itemActivated.connect(self._on_activated)
        self.list.itemSelectionChanged.connect(self._on_selection)

    @property
    def path(self) -> Path | None:
        """The case that is marked."""
        items = self.list.selectedItems()
        return items[0].data(0, _PATH) if items else None

    def fill(self, known: Sequence[KnownCase]) -> None:
        """List these cases."""
        self.words.setText(SAME_FIRST if known else NONE_KNOWN)
        self.list.setVisible(bool(known))
        self.list.clear()
        for one in known:
            taken = day_words(one.aspirated) if one.aspirated else NOT_ENTERED
            patient = ", ".join(filter(None, (one.patient, one.number)))
            texts = [one.name, patient or NOT_ENTERED, taken, day_text(one.last_call)]
            item = QTreeWidgetItem(texts)
            item.setData(0, _PATH, one.path)
            self.list.addTopLevelItem(item)

    @Slot(object)
    def _on_activated(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(item.data(0, _PATH))

    @Slot()
    def _on_selection(self) -> None:
        self.marked.emit(self.path is not None)
