"""One system's criteria: each with the number used and whether it is met."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from marrowscope.domain.judging import Answer
from marrowscope.gui.theme import BASE, RELATED, SMALL, STEP, Appearance, font
from marrowscope.report.systems import CriterionRow, SystemBlock

TOP = Qt.AlignmentFlag.AlignTop
USED_WIDTH, ANSWER_WIDTH = 110, 76


class SystemView(QWidget):
    """Labels are made once; what a new count says is written into them."""

    def __init__(
        self, block: SystemBlock, appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._block = block
        self.rows = [(QLabel(), QLabel(), QLabel()) for _ in block.rows]
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(STEP)
        grid.setHorizontalSpacing(RELATED)
        grid.setColumnStretch(0, 1)
        name, full = _label(block.name, BASE, bold=True), _label(block.full_name, SMALL)
        name.setObjectName("title")
        full.setObjectName("quiet")
        grid.addWidget(name, 0, 0)
        grid.addWidget(full, 1, 0, 1, 3)
        for place, (text, used, answer) in enumerate(self.rows, start=2):
            text.setObjectName("title")
            used.setObjectName("quiet")
            used.setFixedWidth(USED_WIDTH)
            answer.setFixedWidth(ANSWER_WIDTH)
            for column, label in enumerate((text, used, answer)):
                label.setFont(font(SMALL))
                label.setWordWrap(True)
                grid.addWidget(label, place, column, TOP)
        notes = _label(" ".join(block.notes), SMALL)
        notes.setObjectName("quiet")
        grid.addWidget(notes, len(self.rows) + 2, 0, 1, 3)
        appearance.changed.connect(self._dress)
        self.show_block(block)

    def show_block(self, block: SystemBlock) -> None:
        """The same system after another count."""
        self._block = block
        for labels, row in zip(self.rows, block.rows, strict=True):
            text, used, answer = labels
            remark = f"  ·  {row.remark}" if row.remark else ""
            text.setText(f"{row.text}{remark}  [{row.source}]")
            used.setText(row.used)
            answer.setText(row.answer.value)
        self._dress()

    def _dress(self) -> None:
        for (_, _, answer), row in zip(self.rows, self._block.rows, strict=True):
            answer.setFont(font(SMALL, bold=row.answer is Answer.MET))
            answer.setStyleSheet(f"color: {self._tone(row)}")

    def _tone(self, row: CriterionRow) -> str:
        theme = self._appearance.theme
        tones = {Answer.MET: theme.text, Answer.NOT_MET: theme.quiet}
        return tones.get(row.answer, theme.faint).name()


def _label(words: str, size: int, *, bold: bool = False) -> QLabel:
    label = QLabel(words)
    label.setFont(font(size, bold=bold))
    label.setWordWrap(True)
    return label
