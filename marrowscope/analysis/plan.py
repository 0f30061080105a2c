"""What a run shall read, decided before it starts and stored with its results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from marrowscope.analysis.sampling import Sample
from marrowscope.domain.geometry import Box, Boxes


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """The request of one run over one slide.

    `mpp`: microns per level-0 pixel to believe. `region`: level-0 pixels to read, all
    of the slide when None. `min_score`: findings below it are dropped; None takes the
    model's own. `done`: fields read before, by number, with the boxes (N, 4) of the
    cells each kept, in level-0 pixels; they are skipped. `sample`: only fields drawn at
    random; None reads all.
    """

    mpp: float
    region: Box | None = None
    min_score: float | None = None
    done: Mapping[int, Boxes] = field(default_factory=dict)
    slide_number: int = 0
    sample: Sample | None = None
