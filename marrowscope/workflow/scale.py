"""Which microns per pixel a run works with when the slide itself has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from marrowscope.imaging.calibration import propose_slide_mpp
from marrowscope.workflow.opening import OpenedSlide

ASSUMED_MPP = 0.25
MOST_MEASURED = 15
KNOWN, PROPOSED, ASSUMED = "known", "proposed from red cells", "assumed"


@dataclass(frozen=True, slots=True)
class WorkingScale:
    """Microns per level-0 pixel a run believes, and why.

    Only `certainty` "known" makes a slide calibrated; the others are said in the
    window and the report until the user gives a value.
    """

    mpp: float
    certainty: str


def working_scales(slides: Sequence[OpenedSlide]) -> dict[int, WorkingScale]:
    """A scale for every slide, by slide number.

    A slide without one takes what its red cells propose. Photos of one size in one
    case come from one camera, so they share the median of their proposals; when no
    red cell could be judged anywhere, 0.25 µm is assumed.
    """
    scales = {s.number: WorkingScale(s.mpp, KNOWN) for s in slides if s.mpp is not None}
    unknown = [s for s in slides if s.mpp is None]
    for group in _by_size(unknown).values():
        # A photo takes seconds; a few of them tell as much as all.
        few = group[:: max(1, len(group) // MOST_MEASURED)]
        proposals = [propose_slide_mpp(s.slide) for s in few]
        values = [p.mpp for p in proposals if p is not None]
        scale = WorkingScale(ASSUMED_MPP, ASSUMED)
        if values:
            scale = WorkingScale(median(values), PROPOSED)
        scales.update({s.number: scale for s in group})
    return scales


def proposed_scale(slides: Sequence[OpenedSlide], number: int) -> float | None:
    """What a run would propose for one of these slides, whatever was given before.

    Microns per level-0 pixel after the red cells; None when too few can be judged.
    """
    bare = [replace(opened, mpp=None) for opened in slides]
    scale = working_scales(bare)[number]
    return scale.mpp if scale.certainty == PROPOSED else None


def _by_size(slides: Sequence[OpenedSlide]) -> dict[tuple[int, int], list[OpenedSlide]]:
    groups: dict[tuple[int, int], list[OpenedSlide]] = {}
    for opened in slides:
        identity = opened.slide.identity
        groups.setdefault((identity.width, identity.height), []).append(opened)
    return groups
