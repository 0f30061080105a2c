"""A model's vocabulary as JSON text, kept with each run."""

from __future__ import annotations

import json
from dataclasses import asdict

from marrowscope.domain.vocabulary import (
    Feature,
    FineClass,
    ModelClass,
    ModelVocabulary,
)


def to_text(vocabulary: ModelVocabulary) -> str:
    """One line of JSON; the same vocabulary always gives the same text."""
    return json.dumps(asdict(vocabulary), ensure_ascii=False, sort_keys=True)


def from_text(text: str) -> ModelVocabulary:
    """The vocabulary again, equal to what was stored."""
    data = json.loads(text)
    classes = tuple(
        ModelClass(**{**entry, "lines": tuple(entry["lines"])})
        for entry in data["classes"]
    )
    features = tuple(Feature(**entry) for entry in data["features"])
    fine = tuple(
        FineClass(**{**entry, "lines": tuple(entry["lines"])})
        for entry in data.get("fine", ())
    )
    return ModelVocabulary(classes, features, data["dysplasia_rule"], fine)
