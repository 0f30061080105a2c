"""Crops in folders of any known words, measured at two levels: classes and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.evaluation.crops import CropReport, evaluate_crops
from marrowscope.evaluation.labelled_folders import class_of_folder
from marrowscope.evaluation.levels import (
    CommonLevel,
    Stands,
    answers_of,
    common_level,
    fine_answers_of,
    label_stands,
)
from marrowscope.evaluation.words import Words


@dataclass(frozen=True, slots=True)
class CropLevels:
    """Naming by the model's `classes`, and by `lines` where it has finer outputs.

    `left_out` and `not_by_line`: pictures by folder whose name says no class, or
    nothing that one finer output holds. `unreadable`: pictures that did not open.
    """

    classes: CropReport
    lines: CropReport | None
    left_out: dict[str, int]
    not_by_line: dict[str, int]
    unreadable: tuple[Path, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Keys of the classes' CropReport, and: lines (a CropReport or null),
        left_out, not_by_line, unreadable."""
        return {
            **self.classes.as_json(),
            "lines": self.lines.as_json() if self.lines else None,
            "left_out": self.left_out,
            "not_by_line": self.not_by_line,
            "unreadable": [str(path) for path in self.unreadable],
        }


@dataclass(frozen=True, slots=True)
class NamedCrops:
    """N answered crops: the word of their folder and what the model said.

    `chances` (N, C) over its classes, `fine` (N, K) over its finer outputs (K may be
    0).
    """

    words: Sequence[str]
    chances: NDArray[np.floating]
    fine: NDArray[np.floating]


def class_of_word(word: str, words: Words) -> str | None:
    """The class of the model that a folder's word means; None when it means none.

    A class's own id or name, else what the word is known to mean, else Lee's long
    forms. A plain line means a normal cell of it; a word that is several classes of
    this model is none.
    """
    vocabulary = words.vocabulary
    for one in vocabulary.classes:
        if word.casefold() in (one.id.casefold(), one.name.casefold()):
            return one.id
    if words.known.meaning_of(word) is None:
        return class_of_folder(word, vocabulary.class_ids)
    atoms = label_stands(word, words.known, words.taxonomy).atoms
    holding = [a.name for a in answers_of(vocabulary) if atoms and atoms <= a.atoms]
    return holding[0] if len(holding) == 1 else None


def evaluate_crop_levels(crops: NamedCrops, words: Words) -> CropLevels:
    """Set the answers against the folders' words, by class and by line."""
    class_of = {word: class_of_word(word, words) for word in set(crops.words)}
    told = [name for word in crops.words if (name := class_of[word]) is not None]
    rows = np.array([class_of[word] is not None for word in crops.words], bool)
    classes = words.vocabulary.class_ids
    level = line_level(set(crops.words), words)
    missing = Counter(w for w in crops.words if w not in level.of_label)
    return CropLevels(
        classes=evaluate_crops(told, crops.chances[rows], classes),
        lines=_by_line(crops, level, words.vocabulary),
        left_out=dict(Counter(w for w in crops.words if class_of[w] is None)),
        not_by_line=dict(missing) if level.groups else {},
    )


def line_level(labels: set[str], words: Words) -> CommonLevel:
    """The groups of lines that words and finer outputs can both tell.

    Only words that fit into one output: a series among them would blur all others.
    """
    if not words.vocabulary.fine:
        return CommonLevel((), {}, {}, (), "The model has no finer outputs.")
    answers = _narrowest(words.vocabulary)
    stands = [label_stands(w, words.known, words.taxonomy) for w in sorted(labels)]
    fitting = [
        one
        for one in stands
        if one.atoms and any(one.atoms <= answer.atoms for answer in answers)
    ]
    return common_level(fitting, answers, words.taxonomy)


def _narrowest(vocabulary: ModelVocabulary) -> list[Stands]:
    """Finer outputs in their order, then the classes that have none beneath them."""
    split = {fine.class_id for fine in vocabulary.fine}
    whole = [a for a in answers_of(vocabulary) if a.name not in split]
    return [*fine_answers_of(vocabulary), *whole]


def _by_line(
    crops: NamedCrops, level: CommonLevel, vocabulary: ModelVocabulary
) -> CropReport | None:
    if not level.groups:
        return None
    names = [one.name for one in _narrowest(vocabulary)]
    split = {fine.class_id for fine in vocabulary.fine}
    whole = [i for i, name in enumerate(vocabulary.class_ids) if name not in split]
    chances = np.concatenate([crops.fine, crops.chances[:, whole]], axis=1)
    rows = np.array([word in level.of_label for word in crops.words], bool)
    labels = [level.of_label[w] for w in crops.words if w in level.of_label]
    answers = _narrowest_answers(crops.chances[rows], chances[rows], vocabulary)
    return evaluate_crops(
        labels,
        level.sums(chances[rows], names),
        level.groups,
        answers=level.group_numbers(names)[answers],
    )


def _narrowest_answers(
    chances: NDArray[np.floating],
    narrow: NDArray[np.floating],
    vocabulary: ModelVocabulary,
) -> NDArray[np.intp]:
    """(N,) the likeliest answer beneath the likeliest class: what the program says."""
    owners = np.array(
        [vocabulary.class_ids.index(owner) for owner, _ in vocabulary.answers]
    )
    beneath = owners == chances.argmax(axis=1)[:, None]  # (N, A)
    return np.where(beneath, narrow, -1.0).argmax(axis=1)
