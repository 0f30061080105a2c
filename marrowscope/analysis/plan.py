"""What a run shall read, decided before it starts and stored with its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marrowscope.analysis.sampling import Sample
from marrowscope.domain.geometry import Boxes
from marrowscope.domain.regions import Region
from marrowscope.imaging.counting_zone.zone_map import ZoneMap
from marrowscope.imaging.tiles import FieldPlace


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """The request of one run over one slide.

    `mpp`: microns per level-0 pixel to believe. `regions`: of this slide; only fields
    that touch an included one are read, all of the slide where none is included, and
    what lies in excluded ones does not count towards the target. `min_score`:
    findings below it are dropped; None takes the model's own. `done`: fields read
    before, by number, with the boxes (N, 4) of the cells each kept, in level-0 pixels;
    they are skipped. `sample`: only fields drawn at random; None reads all. `zones`:
    fields are read from the best on, where it is given together with `target`, the
    number of cells after which the run ends.
    """

    mpp: float
    regions: tuple[Region, ...] = ()
    min_score: float | None = None
    done: Mapping[int, Boxes] = field(default_factory=dict)
    slide_number: int = 0
    sample: Sample | None = None
    zones: ZoneMap | None = None
    target: int | None = None


def best_first(places: Sequence[FieldPlace], plan: ReadingPlan) -> Sequence[FieldPlace]:
    """The places in the order they are read in.

    All of a slide is read row by row. Towards a target the fields come by the mean
    quality of the patches their core touches, never by how many cells they seem to
    hold: a reader who sought crowded fields would change the percentages.
    """
    zones = plan.zones
    if plan.target is None or zones is None:
        return places
    return sorted(places, key=lambda p: (-zones.quality_in(p.core), p.number))
