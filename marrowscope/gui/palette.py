"""The colours and second codes of cells; colour belongs to cells alone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor

from marrowscope.domain.vocabulary import ModelClass, ModelVocabulary
from marrowscope.workflow import places


@dataclass(frozen=True, slots=True)
class LineageMark:
    """How one lineage is drawn: a colour on the smear and a letter beside it."""

    lineage: str
    name: str
    colour: QColor
    letter: str


@dataclass(frozen=True, slots=True)
class CellPalette:
    """One mark for each lineage, readable for colour-blind eyes and in grey."""

    name: str
    marks: Mapping[str, LineageMark]

    def of(self, lineage: str) -> LineageMark:
        """The mark of a lineage; that of "other" for one the palette does not know."""
        return self.marks.get(lineage, self.marks["other"])

    def of_class(self, known: ModelClass) -> LineageMark:
        return self.of(known.lineage)

    def by_class(self, vocabulary: ModelVocabulary) -> dict[str, LineageMark]:
        """The mark of every class of a model, by class id."""
        return {c.id: self.of_class(c) for c in vocabulary.classes}


def load_cell_palette(name: str = "okabe_ito") -> CellPalette:
    """Read resources/palettes/<name>.toml."""
    path = places.resources() / "palettes" / f"{name}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    marks = {
        entry["lineage"]: LineageMark(
            entry["lineage"], entry["name"], QColor(entry["colour"]), entry["letter"]
        )
        for entry in data["lineages"]
    }
    return CellPalette(data["name"], marks)
