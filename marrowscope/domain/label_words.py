"""What the words of labelled data mean, after ``resources/label_words.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marrowscope.domain.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class WordMeaning:
    """A word's taxonomy line, or where it is coarser its class of Lee et al. 2022.

    Both None where a cell is all it says. `ignored`: no nucleated cell to name, a red
    cell say.
    """

    line: str | None = None
    class_id: str | None = None
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class LabelWords:
    """Every known word, by the word as it is compared (see `plain`)."""

    meanings: Mapping[str, WordMeaning]

    @classmethod
    def of(cls, data: Mapping[str, Any], taxonomy: Taxonomy) -> LabelWords:
        """Build from the content of label_words.toml and the lines' ids and names."""
        found: dict[str, WordMeaning] = {}
        for line in taxonomy.lines:
            ignored = not line.counted and line.id != "megakaryocyte"
            meaning = WordMeaning(line.id, ignored=ignored)
            found[plain(line.id)] = found[plain(line.name)] = meaning
        for source in data["source"]:
            for word, line_id in source.get("line_of", {}).items():
                found[plain(word)] = WordMeaning(line_id)
            for word, class_id in source.get("class_of", {}).items():
                found[plain(word)] = WordMeaning(class_id=class_id or None)
            for word in source.get("ignored", {}):
                found[plain(word)] = WordMeaning(ignored=True)
        return cls(found)

    def meaning_of(self, word: str) -> WordMeaning | None:
        """The meaning of a source's word; None for a word nobody has listed."""
        name = plain(word)
        return self.meanings.get(name) or self.meanings.get(name.removesuffix("s"))


def plain(word: str) -> str:
    """The word as it is compared: lower-case letters and digits alone."""
    return re.sub(r"[\W_]+", "", word).lower()
