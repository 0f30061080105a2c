"""What the words of data sets mean, after ``resources/label_words.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from marrowscope.training.fine_labels import class_of_line
from marrowscope.training.reading.labelled import Label
from marrowscope.workflow.places import load_taxonomy, resources


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
    name = plain(word)
    return _meanings().get(name) or _meanings().get(name.removesuffix("s"))


def plain(word: str) -> str:
    """The word as it is compared: lower-case letters and digits alone."""
    return re.sub(r"[\W_]+", "", word).lower()


@cache
def _meanings() -> Mapping[str, Meaning]:
    found = {}
    for line in load_taxonomy().lines:
        meaning = Meaning(line.id, class_of_line(line.id), not line.counted)
        if line.id == "megakaryocyte":
            meaning = Meaning(line.id, "MN")
        found[plain(line.id)] = found[plain(line.name)] = meaning
    path = resources() / "label_words.toml"
    for source in tomllib.loads(path.read_text(encoding="utf-8"))["source"]:
        for word, line in source.get("line_of", {}).items():
            found[plain(word)] = Meaning(line, class_of_line(line))
        for word, class_id in source.get("class_of", {}).items():
            found[plain(word)] = Meaning(None, class_id or None)
        for word in source.get("ignored", {}):
            found[plain(word)] = Meaning(ignored=True)
    return found
