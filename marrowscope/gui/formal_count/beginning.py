"""Where a count is fixed: how many cells, and which draw."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from marrowscope.gui.formal_count.model import ABOUT, NOTHING_READ
from marrowscope.gui.theme import GROUP, RELATED, SMALL, font

TARGETS = (200, 300, 500, 1000)
HIGHEST_SEED = 2**31 - 1


class Beginning(QWidget):
    """`wanted` carries the number of cells, and the seed or None for any."""

    wanted = Signal(int, object)

    def __init__(self, target: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.about, self.wait = QLabel(ABOUT), QLabel(NOTHING_READ)
        self.targets, self.seed = QComboBox(), QLineEdit()
        self.draw = QPushButton("Draw the cells")
        self.draw.setObjectName("primary")
        for cells in sorted({*TARGETS, target}):
            self.targets.addItem(f"{cells:,} cells", cells)
        self.targets.setCurrentIndex(self.targets.findData(target))
        self.seed.setPlaceholderText("at random")
        self.seed.setValidator(QIntValidator(0, HIGHEST_SEED, self))
        self.seed.setToolTip("The same seed draws the same cells from the same smears")
        for label in (self.about, self.wait):
            label.setObjectName("quiet")
            label.setFont(font(SMALL))
            label.setWordWrap(True)
        form = QFormLayout()
        form.setVerticalSpacing(RELATED)
        for words, field in (("Count", self.targets), ("Seed", self.seed)):
            label = QLabel(words)
            label.setObjectName("quiet")
            form.addRow(label, field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GROUP)
        column.addWidget(self.about)
        column.addLayout(form)
        column.addWidget(self.draw)
        column.addWidget(self.wait)
        self.draw.clicked.connect(self._on_draw)

    def allow(self, possible: bool, *, drawing: bool) -> None:
        """Whether cells can be drawn now."""
        self.draw.setEnabled(possible)
        self.draw.setText("Drawing…" if drawing else "Draw the cells")
        self.wait.setVisible(not possible and not drawing)

    @Slot()
    def _on_draw(self) -> None:
        typed = self.seed.text()
        self.wanted.emit(self.targets.currentData(), int(typed) if typed else None)
