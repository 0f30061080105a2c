"""The cell's picture and what the model says of it; side by side where it is short."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from marrowscope.gui.cell_inspector.answer_lines import AnswerLines
from marrowscope.gui.cell_inspector.crop_view import CropView
from marrowscope.gui.cell_inspector.model import CellReading
from marrowscope.gui.cell_inspector.saliency_controls import SaliencyControls
from marrowscope.gui.theme import RELATED, SMALL, STEP, Appearance, font

LARGEST, SMALLEST, COMPACT_SIDE = 248, 140, 132
NO_BREAK = "\u00a0"
UNLIKE_HINT = (
    "In colour or focus this cell is unlike every picture the model was trained on:"
    " what the model says of it is less reliable."
)
Direction = QBoxLayout.Direction


class CellHead(QWidget):
    """Picture, overlay controls, suggestion and measurements."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.crop = CropView(appearance)
        self.saliency = SaliencyControls(appearance)
        self.suggestion = AnswerLines(appearance, solid=False)
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(RELATED)
        self._block = QBoxLayout(Direction.TopToBottom)
        self._block.setSpacing(RELATED)
        self._column.addLayout(self._block)
        self._compact: bool | None = None
        self._fill()
        self.fit(LARGEST)
        self._dress()
        appearance.changed.connect(self._dress)
        self.saliency.switched.connect(self.crop.show_layer)
        self.saliency.opacity_changed.connect(self.crop.set_opacity)

    def _fill(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(STEP)
        words.addWidget(self.suggestion)
        words.addWidget(self.facts)
        words.addStretch(1)
        self._block.addWidget(self.crop)
        self._block.addLayout(words, 1)

    def fit(self, side: int) -> None:
        """Show the picture above the words, up to `side` pixels large.

        Below SMALLEST the words stand at the right of a small picture instead.
        """
        compact = side < SMALLEST
        if compact != self._compact:
            self._arrange(compact)
        large = min(side, LARGEST)
        self.crop.set_side(COMPACT_SIDE if compact else large, fixed=compact)

    def _arrange(self, compact: bool) -> None:
        self._compact = compact
        self._block.removeWidget(self.saliency)
        self._column.removeWidget(self.saliency)
        if compact:
            self._block.setDirection(Direction.LeftToRight)
            self._column.addWidget(self.saliency)
        else:
            self._block.setDirection(Direction.TopToBottom)
            self._block.insertWidget(1, self.saliency)

    def words_height(self) -> int:
        """Pixels that everything but the picture needs when it stands below."""
        parts = (self.saliency, self.suggestion, self.facts)
        return sum(part.sizeHint().height() + RELATED for part in parts)

    def _dress(self) -> None:
        self.facts.setFont(font(SMALL))
        self.facts.setStyleSheet(f"color: {self._appearance.theme.quiet.name()}")

    def show_reading(self, reading: CellReading) -> None:
        """Show the suggestion and the measurements of a cell."""
        self.suggestion.show_reading(reading)
        self.saliency.setEnabled(bool(reading.score))
        measured = (reading.size, reading.detection)
        # A line may break between measurements, never inside one.
        whole = (fact.replace(" ", NO_BREAK) for fact in measured)
        facts = (*whole, reading.cut, reading.unlike)
        self.facts.setText(" · ".join(fact for fact in facts if fact))
        self.facts.setToolTip(UNLIKE_HINT if reading.unlike else "")
