"""What a run shall read, decided before it starts and stored with its results."""

from __future__ import annotations

from dataclasses import dataclass, field

from marrowscope.domain.geometry import Box


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """The request of one run over one slide.

    `mpp`: microns per level-0 pixel to believe. `region`: level-0 pixels to read, all
    of the slide when None. `min_score`: findings below it are dropped; None takes the
    bundle's own. `done`: numbers of fields read before, which are skipped. `batch`:
    fields handed to the reader at once.
    """

    mpp: float
    region: Box | None = None
    min_score: float | None = None
    done: frozenset[int] = field(default_factory=frozenset)
    batch: int = 4
    slide_number: int = 0
