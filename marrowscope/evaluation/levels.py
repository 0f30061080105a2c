"""The finest level at which two vocabularies can be compared without guessing.

A label and an answer each stand for taxonomy lines, dysplastic or not. Whatever either
side cannot tell apart is one group; groups are what both sides can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.label_words import LabelWords, WordMeaning
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary

Atom = tuple[str, bool]  # a line, and whether the cell is dysplastic
NOTHING: frozenset[Atom] = frozenset()

# The eight of Lee et al. 2022 by lineage of the taxonomy; "D" is dysplastic.
_LINEAGE_OF_LETTER = {"E": "erythroid", "G": "granulocytic", "M": "megakaryocytic"}
_OTHER_GROUP = "other_cells"


@dataclass(frozen=True, slots=True)
class Stands:
    """What a name stands for: every line and state it may mean. Empty: unknown."""

    name: str
    atoms: frozenset[Atom]


@dataclass(frozen=True, slots=True)
class CommonLevel:
    """G groups that labels and answers can both tell, and who belongs where.

    `of_label` and `of_answer`: group by name. Labels that stand for nothing the
    answers know are in `left_out`. `why_not` is empty, or says in a sentence why
    nothing can be compared; there are then no groups.
    """

    groups: tuple[str, ...]
    of_label: Mapping[str, str]
    of_answer: Mapping[str, str]
    left_out: tuple[str, ...]
    why_not: str = ""

    def group_numbers(self, answers: Sequence[str]) -> NDArray[np.intp]:
        """(C,) the place of each answer's group among the groups."""
        return np.array([self.groups.index(self.of_answer[name]) for name in answers])

    def sums(
        self, chances: NDArray[np.floating], answers: Sequence[str]
    ) -> NDArray[np.float64]:
        """(N, G) probabilities of the groups from those (N, C) of the answers."""
        found = np.zeros((len(chances), len(self.groups)))
        for column, group in enumerate(self.group_numbers(answers)):
            found[:, group] += chances[:, column]
        return found


def common_level(
    labels: Iterable[Stands], answers: Sequence[Stands], taxonomy: Taxonomy
) -> CommonLevel:
    """Join whatever one side cannot tell apart; what is left are the groups."""
    labels = list(labels)
    known = frozenset().union(*(a.atoms for a in answers))
    usable = [one for one in labels if one.atoms & known]
    left_out = tuple(one.name for one in labels if not one.atoms & known)
    if not usable:
        return CommonLevel((), {}, {}, left_out, _NO_WORDS)
    joined = _joined([a.atoms for a in answers] + [u.atoms & known for u in usable])
    parts = [part for part in joined if any(part & u.atoms for u in usable)]
    if len(parts) < 2:
        return CommonLevel((), {}, {}, left_out, _ONE_GROUP)
    names = {part: _name(part, answers, taxonomy) for part in joined}
    ordered = [names[part] for part in joined]
    return CommonLevel(
        groups=tuple(ordered),
        of_label={u.name: names[_holder(u.atoms & known, joined)] for u in usable},
        of_answer={a.name: names[_holder(a.atoms, joined)] for a in answers if a.atoms},
        left_out=left_out,
    )


_NO_WORDS = "The labels name no lines that this model knows."
_ONE_GROUP = "Labels and model share no two groups that both can tell apart."


def _joined(sets: Iterable[frozenset[Atom]]) -> list[frozenset[Atom]]:
    """Sets that overlap, joined until none do, in the order first met."""
    parts: list[frozenset[Atom]] = []
    for one in sets:
        touching = [part for part in parts if part & one]
        whole = one.union(*touching)
        place = parts.index(touching[0]) if touching else len(parts)
        later = [part for part in parts[place:] if part not in touching]
        parts = [*parts[:place], whole, *later]
    return [part for part in parts if part]


def _holder(
    atoms: frozenset[Atom], parts: Sequence[frozenset[Atom]]
) -> frozenset[Atom]:
    return next(part for part in parts if part & atoms)


def _name(part: frozenset[Atom], answers: Sequence[Stands], taxonomy: Taxonomy) -> str:
    """An answer's own name where the group is just that, else its lines' name."""
    for answer in answers:
        if answer.atoms == part:
            return answer.name
    lines = {line for line, _ in part}
    named = taxonomy.name_of(tuple(lines))
    if " / " in named:
        inside = [a.name for a in answers if a.atoms and a.atoms <= part]
        named = " / ".join(inside) or named
    states = {dysplastic for _, dysplastic in part}
    return f"{named}, dysplastic" if states == {True} else named


def answers_of(vocabulary: ModelVocabulary) -> list[Stands]:
    """What each class of a model stands for.

    A model with no dysplastic class of a lineage means both states by its classes. A
    class of no line stands for itself.
    """
    series = {c.lineage for c in vocabulary.classes if c.dysplastic}
    return [
        Stands(
            c.id,
            _atoms(
                c.lines or (f"class {c.id}",),
                c.dysplastic if c.lineage in series else None,
            ),
        )
        for c in vocabulary.classes
    ]


def fine_answers_of(vocabulary: ModelVocabulary) -> list[Stands]:
    """What each finer output stands for, in the order of `vocabulary.fine`."""
    series = {c.lineage for c in vocabulary.classes if c.dysplastic}
    found = []
    for fine in vocabulary.fine:
        owner = vocabulary.of(fine.class_id)
        state = owner.dysplastic if owner.lineage in series else None
        found.append(Stands(fine.id, _atoms(fine.lines, state)))
    return found


def label_stands(word: str, words: LabelWords, taxonomy: Taxonomy) -> Stands:
    """What a source's word stands for; a line's plain name means a normal cell."""
    return Stands(word, meaning_atoms(words.meaning_of(word), taxonomy))


def meaning_atoms(meaning: WordMeaning | None, taxonomy: Taxonomy) -> frozenset[Atom]:
    """Lines and state of a meaning; empty where it names neither line nor class."""
    if meaning is None or meaning.ignored:
        return NOTHING
    if meaning.line is not None:
        return _atoms((meaning.line,), False)
    return class_atoms(meaning.class_id, taxonomy)


def class_atoms(class_id: str | None, taxonomy: Taxonomy) -> frozenset[Atom]:
    """What one of the eight of Lee et al. stands for; empty for any other."""
    if class_id == "blast":
        return _atoms(("blast",), False)
    if class_id == "other":
        group = next(g for g in taxonomy.groups if g.id == _OTHER_GROUP)
        return _atoms(group.lines, False)
    lineage = _LINEAGE_OF_LETTER.get((class_id or " ")[0])
    if lineage is None or class_id not in _SERIES_CLASSES:
        return NOTHING
    lines = [line.id for line in taxonomy.lines if line.lineage == lineage]
    return _atoms(lines, class_id.endswith("D"))


_SERIES_CLASSES = ("EN", "GN", "MN", "ED", "GD", "MD")


def _atoms(lines: Iterable[str], dysplastic: bool | None) -> frozenset[Atom]:
    states = (True, False) if dysplastic is None else (dysplastic,)
    return frozenset((line, state) for line in lines for state in states)
