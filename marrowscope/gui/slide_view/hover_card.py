"""A small card beside the cursor: what the cell under it is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from marrowscope.domain.cells import Cell
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary

VEILED_CARD = "not called yet"
LEAST_GRADE = 0.5
OFFSET = QPoint(18, 14)


def card_text(
    cell: Cell,
    vocabulary: ModelVocabulary,
    verdict: Verdict | None,
    taxonomy: Taxonomy,
) -> str:
    """Up to three lines: the class with its probability, grades, the reader's call."""
    known = vocabulary.of(cell.class_id)
    likely = "" if cell.drawn else f" · {100 * cell.class_score:.0f} %"
    lines = [f"{known.name}{likely}"]
    graded = [
        f"{feature.name.lower()} {grade:.1f}"
        for feature, grade in zip(vocabulary.features, cell.grades, strict=True)
        if feature.lineage == known.lineage and grade >= LEAST_GRADE
    ]
    if known.dysplastic and graded:
        lines.append(", ".join(graded))
    if verdict is None:
        lines.append("not called yet" if cell.drawn else "suggested, not reviewed")
    else:
        lines.append(f"confirmed: {taxonomy.name_of(verdict.lines)}")
    return "\n".join(lines)


class HoverCard(QLabel):
    """Never in the way of the mouse, never outside the view."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, text: str, point: QPoint) -> None:
        self.setText(text)
        self.adjustSize()
        place = point + OFFSET
        view = self._view.rect()
        x = min(place.x(), view.width() - self.width() - 4)
        y = place.y()
        if y + self.height() > view.height() - 4:
            y = point.y() - self.height() - 8
        self.move(max(x, 4), max(y, 4))
        self.show()
