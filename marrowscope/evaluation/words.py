"""What it takes to set labels of any source against the answers of a model."""

from __future__ import annotations

from dataclasses import dataclass

from marrowscope.domain.label_words import LabelWords
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary


@dataclass(frozen=True, slots=True)
class Words:
    """The words that are known, the lines, and the model's own classes."""

    known: LabelWords
    taxonomy: Taxonomy
    vocabulary: ModelVocabulary
