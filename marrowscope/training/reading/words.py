"""What the words of data sets mean to training: a line and a class of the eight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marrowscope.domain.label_words import plain
from marrowscope.training.fine_labels import class_of_line
from marrowscope.training.reading.labelled import Label
from marrowscope.workflow.places import load_label_words

__all__ = ["Meaning", "meaning_of", "plain"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word's line and class of the eight; both None where a cell is all it says.

    `ignored`: nothing to learn from, a red cell say.
    """

    line: str | None = None
    class_id: str | None = None
    ignored: bool = False

    def label(self, word: str, grades: Mapping[str, float] | None = None) -> Label:
        """The label that a source's `word` of this meaning gives a cell."""
        return Label(word, self.line, self.class_id, grades or {})


def meaning_of(word: str) -> Meaning | None:
    """The meaning of a source's word; None for a word nobody has listed."""
    known = load_label_words().meaning_of(word)
    if known is None:
        return None
    if known.line is None:
        return Meaning(None, known.class_id, known.ignored)
    own = "MN" if known.line == "megakaryocyte" else class_of_line(known.line)
    return Meaning(known.line, own, known.ignored)
