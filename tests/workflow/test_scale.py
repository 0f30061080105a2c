"""The scale a run works with, and the one the window proposes: the same."""

from __future__ import annotations

from pathlib import Path

from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import draw_field
from marrowscope.workflow.opening import OpenedSlide
from marrowscope.workflow.scale import (
    ASSUMED,
    KNOWN,
    PROPOSED,
    proposed_scale,
    working_scales,
)


def photo(number: int, *, red_cells: float, mpp: float | None = None) -> OpenedSlide:
    """A drawn photo at 0.2 µm per pixel that does not say so."""
    plan = SmearPlan(700, 700, 4, number, mpp=0.2, zone="thin", density=red_cells)
    slide = MemorySlide(draw_field(plan).pixels)
    return OpenedSlide(number, Path(f"{number}.png"), slide, mpp, "typed")


def test_a_scale_somebody_gave_is_believed() -> None:
    scale = working_scales([photo(1, red_cells=1, mpp=0.31)])[1]
    assert (scale.mpp, scale.certainty) == (0.31, KNOWN)


def test_photos_of_one_camera_share_what_the_red_cells_of_any_of_them_say() -> None:
    photos = [photo(1, red_cells=1), photo(2, red_cells=0), photo(3, red_cells=1)]
    scales = working_scales(photos)
    assert len({scale.mpp for scale in scales.values()}) == 1
    assert scales[2].certainty == PROPOSED
    assert abs(scales[2].mpp / 0.2 - 1) < 0.1


def test_without_a_red_cell_the_scale_is_assumed_and_nothing_is_proposed() -> None:
    lonely = [photo(1, red_cells=0)]
    assert working_scales(lonely)[1].certainty == ASSUMED
    assert proposed_scale(lonely, 1) is None


def test_the_window_proposes_what_a_run_would_work_with() -> None:
    photos = [photo(1, red_cells=1), photo(2, red_cells=0)]
    assert proposed_scale(photos, 2) == working_scales(photos)[2].mpp


def test_a_proposal_looks_past_the_scale_that_was_given() -> None:
    photos = [photo(1, red_cells=1, mpp=0.9)]
    proposal = proposed_scale(photos, 1)
    assert proposal is not None
    assert proposal < 0.3
