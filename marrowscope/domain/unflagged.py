"""What a model did not flag: drawn at random, read blind, and what that yielded.

A review queue finds false alarms. What was missed lies among the cells that nothing was
suspected of; reading some of them, drawn at random, tells how much of it there is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.review import Verdict
from marrowscope.domain.statistics import Share
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary

TO_READ = 50  # of each lineage, before sign-off


@dataclass(frozen=True, slots=True)
class UnflaggedCheck:
    """Unflagged cells of a lineage, drawn at random. `cells`: in the order to read.

    `unflagged`: how many they were drawn from; `seed` brings the same ones from these.
    """

    lineage: str
    seed: int
    unflagged: int
    who: str
    at: str
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Yield:
    """What reading unflagged cells of a lineage found.

    `called` of the `drawn` ones a person has called. `found`: the dysplastic ones of
    those judged for it or called something else; its interval is that of a random
    sample. `elsewhere`: those that belong to another lineage or are no cell.
    """

    lineage: str
    drawn: int
    unflagged: int
    called: int
    found: Share
    elsewhere: int

    @property
    def complete(self) -> bool:
        """True when every cell drawn has been called."""
        return self.called == self.drawn


def unflagged_rows(table: CellTable, vocabulary: ModelVocabulary) -> dict[str, NDArray]:
    """By lineage the rows of the cells a model put there without finding dysplasia.

    Only lineages in which it looks for dysplasia at all.
    """
    looked_for = [c.lineage for c in vocabulary.classes if c.dysplastic]
    best, found = table.class_index, ~table.drawn
    rows = {}
    for lineage in dict.fromkeys(looked_for):
        own = [
            i
            for i, c in enumerate(vocabulary.classes)
            if c.lineage == lineage and not c.dysplastic
        ]
        rows[lineage] = np.flatnonzero(np.isin(best, own) & found)
    return rows


def drawn_blind(
    cells: NDArray[np.int64], called: Collection[int], seed: int, *, wanted: int
) -> tuple[int, ...]:
    """So many of these cells that nobody has called, at random, the same by seed."""
    rest = np.setdiff1d(cells, np.fromiter(called, np.int64, len(called)))
    order = np.random.default_rng([seed, len(rest)]).permutation(rest)
    return tuple(order[:wanted].tolist())


def yields(
    checks: Sequence[UnflaggedCheck],
    verdicts: Mapping[int, Verdict],
    taxonomy: Taxonomy,
) -> tuple[Yield, ...]:
    """What each check found so far."""
    return tuple(_yield(check, verdicts, taxonomy) for check in checks)


def _yield(
    check: UnflaggedCheck, verdicts: Mapping[int, Verdict], taxonomy: Taxonomy
) -> Yield:
    called = [verdicts[cell] for cell in check.cells if cell in verdicts]
    own = [v for v in called if taxonomy.lineage_of(v.lines) == check.lineage]
    judged = [v for v in own if v.dysplastic is not None]
    elsewhere = len(called) - len(own)
    found = Share(sum(bool(v.dysplastic) for v in judged), len(judged) + elsewhere)
    return Yield(
        lineage=check.lineage,
        drawn=len(check.cells),
        unflagged=check.unflagged,
        called=len(called),
        found=found,
        elsewhere=elsewhere,
    )
