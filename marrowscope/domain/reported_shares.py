"""The shares a report holds against thresholds, and where a cell stands in each.

Dysplastic cells of each lineage, and blasts. A cell is part of a share (dysplastic, or
a blast), one of the rest it is divided by, or outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.criteria import Criteria, Denominator
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary

OUTSIDE, REST, PART = 0, 1, 2
BLAST = "blast"


@dataclass(frozen=True, slots=True)
class ReportedShare:
    """One share and its thresholds. `name`: a lineage, or "blast"."""

    name: str
    thresholds: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class ReportedShares:
    """All of them, blasts first, by one laboratory's definitions."""

    taxonomy: Taxonomy
    criteria: Criteria

    @property
    def shares(self) -> tuple[ReportedShare, ...]:
        marks = (self.criteria.dysplasia_threshold,)
        lineages = [ReportedShare(c.lineage, marks) for c in self.criteria.dysplasia]
        return (ReportedShare(BLAST, self.criteria.blast_marks), *lineages)

    def standing(
        self, lines: tuple[str, ...], lineage: str, dysplastic: bool | None
    ) -> list[int]:
        """OUTSIDE, REST or PART of each share, for a cell that is one of these lines.

        It stands in the shares it may belong to, known by its lineage where there is no
        line. A cell that is not judged for dysplasia is outside its lineage's share.
        """
        own = [
            not set(lines).isdisjoint(c.lines) if lines else lineage == c.lineage
            for c in self.criteria.dysplasia
        ]
        return self._standing(lines, lineage, own, dysplastic)

    def _standing(
        self,
        lines: tuple[str, ...],
        lineage: str,
        own: Sequence[bool],
        dysplastic: bool | None,
    ) -> list[int]:
        judged = PART if dysplastic else REST
        told = dysplastic is not None
        shares = [judged if member and told else OUTSIDE for member in own]
        return [self._of_blasts(lines, lineage), *shares]

    def _of_blasts(self, lines: tuple[str, ...], lineage: str) -> int:
        of = self.criteria.blast_denominator
        left_out = of is Denominator.NON_ERYTHROID and lineage == "erythroid"
        if left_out or not lines or not self.taxonomy.counted(lines):
            return OUTSIDE
        return PART if set(lines) <= set(self.criteria.blast_lines) else REST

    def of_verdict(self, verdict: Verdict) -> list[int]:
        """(S,) where a person's call puts a cell: where the ledger counts it."""
        lines, lineage = verdict.lines, self.taxonomy.lineage_of(verdict.lines)
        own = [
            len(lines) > 0 and set(lines) <= set(c.lines)
            for c in self.criteria.dysplasia
        ]
        return self._standing(lines, lineage, own, verdict.dysplastic)

    def of_answers(self, vocabulary: ModelVocabulary) -> NDArray[np.int8]:
        """(A, S) where each of a model's narrowest answers puts a cell."""
        judged = {c.lineage for c in vocabulary.classes if c.dysplastic}
        rows = []
        for class_id, lines in vocabulary.answers:
            known = vocabulary.of(class_id)
            dysplastic = known.dysplastic if known.lineage in judged else None
            rows.append(self.standing(lines, known.lineage, dysplastic))
        return np.asarray(rows, np.int8)
