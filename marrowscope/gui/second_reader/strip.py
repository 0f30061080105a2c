"""A line above the smear while a second reader reads: who, how far, and an end."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from marrowscope.gui.second_reader.desk import SecondReaderDesk
from marrowscope.gui.theme import GROUP, RELATED, STEP


class SecondReaderStrip(QFrame):
    """Hidden while nobody reads a second time."""

    def __init__(self, desk: SecondReaderDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._desk = desk
        self.words, self.stop = QLabel(), QPushButton("End second reading")
        row = QHBoxLayout(self)
        row.setContentsMargins(GROUP, STEP, RELATED, STEP)
        row.addWidget(self.words, 1)
        row.addWidget(self.stop)
        self.stop.clicked.connect(desk.end)
        desk.changed.connect(self._on_changed)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        reading = self._desk.reading
        self.setVisible(reading is not None)
        if reading is not None:
            total = len(reading.cells)
            done = self._desk.called
            self.words.setText(
                f"Second reader {reading.reader}: {done} of {total} cells called,"
                " blind to the first reader and to the model"
            )
