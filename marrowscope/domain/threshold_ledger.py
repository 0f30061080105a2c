"""Each confirmed share against its thresholds: what is seen, what the interval says.

The two are kept apart on purpose. "Below 10 %" is what was counted; "the interval
includes 10 %" is how far chance alone could carry it. Fractions are compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.dysplasia import ConfirmedDysplasia
from marrowscope.domain.settling import cells_to_settle
from marrowscope.domain.statistics import Share, Standing, standing
from marrowscope.domain.typed_facts import DILUTED


class Observed(StrEnum):
    """On which side of a threshold the counted share lies."""

    BELOW = "below"
    AT_OR_ABOVE = "at or above"


class IntervalSays(StrEnum):
    """Whether the whole 95 % interval lies on one side of a threshold."""

    EXCLUDES = "excludes"
    INCLUDES = "includes"


@dataclass(frozen=True, slots=True)
class AgainstThreshold:
    """One share against one threshold.

    `more_cells`: how many more would settle it, were their share the same: 0 where the
    interval excludes the threshold already, None where 1,000 more would not do.
    """

    threshold: Fraction
    observed: Observed
    interval: IntervalSays
    more_cells: int | None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A line of the ledger; `thresholds` all that it has, `against` those judged.

    With fewer than `minimum` cells nothing is judged. `doubt`: why the share may be
    higher than counted, so that "below" cannot be told and is not in `against`; ""
    where nothing says so. `unplaced`: cells of the whole that may be part of the share,
    called without the stage that would tell.
    """

    line: str
    share: Share
    minimum: int
    thresholds: tuple[Fraction, ...]
    against: tuple[AgainstThreshold, ...]
    doubt: str = ""
    unplaced: int = 0

    @property
    def diluted(self) -> bool:
        """True where there may be blood in the specimen."""
        return self.doubt == DILUTED

    @property
    def too_few(self) -> bool:
        """True when there are fewer cells than the line needs for any verdict."""
        return self.share.total < max(self.minimum, 1)

    def standing(self, threshold: Fraction) -> Standing:
        """The word for its share against one of its thresholds."""
        return standing(
            self.share, threshold, minimum=self.minimum, understated=bool(self.doubt)
        )


def threshold_ledger(
    blasts: Share,
    lineages: Iterable[ConfirmedDysplasia],
    criteria: Criteria,
    *,
    diluted: bool = False,
    maybe_blasts: int = 0,
) -> tuple[LedgerEntry, ...]:
    """Blasts first, then every lineage; each gate of cells acts alone.

    `maybe_blasts`: cells called by a series that blasts are only a part of.
    """
    marks = (criteria.dysplasia_threshold,)
    of_all = DILUTED if diluted else ""
    lines = [("blast", blasts, criteria.blast_minimum, criteria.blast_marks, of_all)]
    lines += [
        (e.lineage, e.share, e.criterion.minimum_cells, marks, of_all or e.doubt)
        for e in lineages
    ]
    blast_entry, *others = (_entry(*line) for line in lines)
    return (replace(blast_entry, unplaced=maybe_blasts), *others)


def _entry(
    line: str,
    share: Share,
    minimum: int,
    thresholds: Sequence[Fraction],
    doubt: str,
) -> LedgerEntry:
    enough = share.total >= max(minimum, 1)
    judged = [against(share, t) for t in thresholds] if enough else []
    whole = LedgerEntry(line, share, minimum, tuple(thresholds), tuple(judged), doubt)
    untold = Standing.CANNOT_TELL
    kept = [j for j in judged if whole.standing(j.threshold) is not untold]
    return replace(whole, against=tuple(kept))


def against(share: Share, threshold: Fraction) -> AgainstThreshold:
    """Where a share stands to a threshold; ValueError when nothing was counted."""
    if share.fraction is None:
        raise ValueError("nothing was counted")
    above = share.fraction >= threshold
    undecided = standing(share, threshold) is Standing.UNDECIDED
    return AgainstThreshold(
        threshold=threshold,
        observed=Observed.AT_OR_ABOVE if above else Observed.BELOW,
        interval=IntervalSays.INCLUDES if undecided else IntervalSays.EXCLUDES,
        more_cells=cells_to_settle(share, threshold),
    )
