"""Which cells a laboratory counts where; every choice is shown as its formula."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from marrowscope.domain.criteria import Criteria, Denominator
from marrowscope.domain.definitions import Definitions
from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.gui.theme import BASE, GROUP, RELATED, SMALL, STEP, font

NOTE = (
    "Every case is counted by these, and its journal and report say so. A signed case"
    " stays as it was counted."
)
COLUMNS = {
    "counted": "Differential",
    "myeloid": "M of M : E",
    "erythroid": "E of M : E",
    "blasts": "Blasts",
}


class DefinitionsDialog(QDialog):
    """`wanted` carries the Definitions to count by, None for the program's own."""

    wanted = Signal(object)

    def __init__(
        self, taxonomy: Taxonomy, criteria: Criteria, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Definitions")
        self.resize(600, 680)
        self._taxonomy, self._criteria = taxonomy, criteria
        self._known = Definitions.of(taxonomy, criteria)
        self.ticks: dict[tuple[str, str], QCheckBox] = {}
        self.of, self.problem = QComboBox(), QLabel()
        self.formulas: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP, GROUP, GROUP, GROUP)
        column.setSpacing(RELATED)
        column.addWidget(_quiet(NOTE))
        column.addWidget(self._table(), 1)
        column.addLayout(self._printed())
        column.addWidget(self.problem)
        column.addLayout(self._buttons())
        self.problem.setObjectName("calm")
        self.problem.setWordWrap(True)
        self._refresh()

    def _table(self) -> QScrollArea:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, RELATED, 0)
        grid.setVerticalSpacing(STEP)
        grid.setHorizontalSpacing(GROUP)
        grid.setColumnStretch(0, 1)
        middle = Qt.AlignmentFlag.AlignHCenter
        for place, words in enumerate(COLUMNS.values(), start=1):
            grid.addWidget(_quiet(words), 0, place, middle)
        cells = [line for line in self._taxonomy.lines if line.cell]
        for row, line in enumerate(cells, start=1):
            name = QLabel(line.name)
            name.setObjectName("title")
            name.setFont(font(BASE))
            grid.addWidget(name, row, 0)
            for place, (which, words) in enumerate(COLUMNS.items(), start=1):
                tick = QCheckBox()
                tick.setAccessibleName(f"{line.name}: {words}")
                tick.setChecked(line.id in getattr(self._known, which))
                tick.toggled.connect(self._refresh)
                self.ticks[which, line.id] = tick
                grid.addWidget(tick, row, place, middle)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        return area

    def _printed(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(RELATED)
        for one in Denominator:
            self.of.addItem(one.words, one)
        self.of.setCurrentIndex(self.of.findData(self._known.blast_denominator))
        self.of.currentIndexChanged.connect(self._refresh)
        form.addRow(_quiet("Blasts are a share of"), self.of)
        for one in self._known.formulas(self._taxonomy, self._criteria):
            printed = QLabel(one.words)
            printed.setObjectName("title")
            printed.setFont(font(SMALL))
            printed.setWordWrap(True)
            self.formulas[one.name] = printed
            form.addRow(_quiet(one.name), printed)
        return form

    def _buttons(self) -> QHBoxLayout:
        self.save = QPushButton("Count by these")
        self.save.setObjectName("primary")
        self.own, cancel = QPushButton("The program’s own"), QPushButton("Cancel")
        row = QHBoxLayout()
        row.addWidget(self.own)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.save)
        self.save.clicked.connect(self._on_save)
        self.own.clicked.connect(self._on_own)
        cancel.clicked.connect(self.reject)
        return row

    @property
    def chosen(self) -> Definitions:
        """What is ticked now."""
        lines = {which: self._ticked(which) for which in COLUMNS}
        return replace(
            self._known, **lines, blast_denominator=Denominator(self.of.currentData())
        )

    def _ticked(self, which: str) -> tuple[str, ...]:
        ticked = (i for (column, i), t in self.ticks.items() if column == which)
        return self._taxonomy.ordered(
            i for i in ticked if self.ticks[which, i].isChecked()
        )

    @Slot()
    def _refresh(self) -> None:
        chosen, problem = self.chosen, ""
        try:
            chosen.check(self._taxonomy)
        except UnusableSettings:
            problem = _problem_of(chosen, self._taxonomy)
        self.problem.setText(problem)
        self.save.setEnabled(not problem and chosen != self._known)
        if not problem:
            both = chosen.applied(self._taxonomy, self._criteria)
            for one in chosen.formulas(*both):
                self.formulas[one.name].setText(one.words)

    @Slot()
    def _on_save(self) -> None:
        self.wanted.emit(self.chosen)
        self.accept()

    @Slot()
    def _on_own(self) -> None:
        self.wanted.emit(None)
        self.accept()


def _problem_of(chosen: Definitions, taxonomy: Taxonomy) -> str:
    both = taxonomy.ordered(set(chosen.myeloid) & set(chosen.erythroid))
    if both:
        names = ", ".join(taxonomy.line(i).name.lower() for i in both)
        return f"On both sides of M : E: {names}. Take one of the ticks away."
    return "Every column needs a cell at least."


def _quiet(words: str) -> QLabel:
    label = QLabel(words)
    label.setObjectName("quiet")
    label.setFont(font(SMALL))
    label.setWordWrap(len(words) > 40)
    return label
