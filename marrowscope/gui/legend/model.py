"""One entry for each class of the model, in the order of the lineages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from marrowscope.domain.tally import Tally
from marrowscope.domain.taxonomy import LINEAGES
from marrowscope.domain.vocabulary import ModelClass, ModelVocabulary
from marrowscope.gui.case_state import InView

DOTS_TEXT = "● dysplastic cells, larger where there are more"


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A class as the legend prints it; `shown` says whether the smear draws it."""

    class_id: str
    name: str
    lineage: str
    dysplastic: bool
    count: int
    shown: bool

    @property
    def count_text(self) -> str:
        return f"{self.count:,}"


def entries(
    vocabulary: ModelVocabulary | None,
    tally: Tally | None,
    hidden: Iterable[str] = (),
) -> tuple[LegendEntry, ...]:
    """Every class with its count, normal before dysplastic; none without a model."""
    if vocabulary is None:
        return ()
    counts = _counts(vocabulary, tally)
    away = set(hidden)
    order = sorted(range(len(vocabulary.classes)), key=lambda i: _rank(vocabulary, i))
    return tuple(
        _entry(vocabulary.classes[i], counts[i], vocabulary.classes[i].id in away)
        for i in order
    )


def _entry(known: ModelClass, count: int, hidden: bool) -> LegendEntry:
    return LegendEntry(
        class_id=known.id,
        name=known.name,
        lineage=known.lineage,
        dysplastic=known.dysplastic,
        count=int(count),
        shown=not hidden,
    )


def _counts(vocabulary: ModelVocabulary, tally: Tally | None) -> list[int]:
    if tally is None:
        return [0] * len(vocabulary.classes)
    return tally.classes.tolist()


def _rank(vocabulary: ModelVocabulary, index: int) -> tuple[int, bool, int]:
    known = vocabulary.classes[index]
    return LINEAGES.index(known.lineage), known.dysplastic, index


def toggled(hidden: Iterable[str], class_id: str) -> frozenset[str]:
    """The hidden classes after a click on one entry."""
    return frozenset(hidden) ^ {class_id}


def alone(entries: Iterable[LegendEntry], class_id: str) -> frozenset[str]:
    """The hidden classes after "show only this"; a second time shows all again."""
    others = frozenset(e.class_id for e in entries if e.class_id != class_id)
    already = all(e.shown == (e.class_id == class_id) for e in entries)
    return frozenset() if already else others


def in_view_text(in_view: InView) -> str:
    """What the smear shows now, in a sentence."""
    cells = f"{in_view.cells:,} cell{'' if in_view.cells == 1 else 's'} in view"
    if in_view.as_density:
        return f"{cells}: shown as density; zoom in for outlines"
    return cells if in_view.cells else "No cells in view"
