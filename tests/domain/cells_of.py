"""Tables of cells for tests: so many of each class, as a model might answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.cells import Finding, Identity
from marrowscope.domain.geometry import Box
from marrowscope.domain.vocabulary import ModelVocabulary


def cells_of(
    vocabulary: ModelVocabulary,
    counts: Mapping[str, int],
    grades: Mapping[str, float] | None = None,
) -> CellTable:
    """A table with `counts[class]` sure cells each; `grades` the same for all."""
    given = [(grades or {}).get(f, 0.0) for f in vocabulary.feature_ids]
    findings = []
    for class_id, number in counts.items():
        chances = np.full(len(vocabulary.classes), 0.01, np.float32)
        chances[vocabulary.class_ids.index(class_id)] = 1
        identity = Identity(chances / chances.sum(), np.asarray(given, np.float32))
        findings += [
            Finding(Box(30.0 * i, 10.0, 20.0, 20.0), 0.9, identity)
            for i in range(number)
        ]
    table = CellTable.of_findings(
        findings,
        slide=0,
        classes=vocabulary.class_ids,
        features=vocabulary.feature_ids,
    )
    return table.numbered(1)
