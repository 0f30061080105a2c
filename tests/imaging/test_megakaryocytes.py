"""Megakaryocytes pointed out at low power: drawn ones found, pen and tissue left."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.imaging.counting_zone.finding import find_zones
from marrowscope.imaging.megakaryocytes.finding import Candidate, find_candidates
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.small_network import SmallNetwork
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import DrawnField, draw_field
from marrowscope.workflow.megakaryocytes import load_search_model
from marrowscope.workflow.zones import load_zone_model

MPP = 0.5
UNSEEN_SEED = 61


@pytest.fixture(scope="module")
def model() -> SmallNetwork:
    return load_search_model()


@pytest.fixture(scope="module")
def smear() -> DrawnField:
    """A drawn smear 1.1 mm wide with twenty megakaryocytes, none of them small."""
    return draw_field(
        SmearPlan(
            *(2200, 2200, 150, UNSEEN_SEED),
            mpp=MPP,
            minimum={"m": 20},
            dysplasia={"e": 0.1, "g": 0.1, "m": 0.0},
            open_edges=False,
        )
    )


def hit(candidates: list[Candidate], box: list[int]) -> bool:
    x, y, width, height = box
    return any(x <= c.x < x + width and y <= c.y < y + height for c in candidates)


def test_nearly_all_drawn_giants_are_pointed_out(
    model: SmallNetwork, smear: DrawnField
) -> None:
    slide = MemorySlide(smear.pixels, mpp=MPP)
    found = find_candidates(slide, mpp=MPP, model=model, zones=None)
    giants = [c for c in smear.truth["cells"] if c["line"] == "megakaryocyte"]
    assert len(giants) >= 20
    assert sum(hit(found, one["box"]) for one in giants) >= 0.9 * len(giants)
    assert len(found) < 2 * len(giants)
    assert [c.chance for c in found] == sorted((c.chance for c in found), reverse=True)


def test_nothing_is_sought_in_ink_nor_in_tissue(
    model: SmallNetwork, smear: DrawnField, shared_dir: Path
) -> None:
    pixels = smear.pixels.copy()
    cv2.rectangle(pixels, (1100, 0), (2200, 2200), (20, 40, 120), -1)
    inked = MemorySlide(pixels, mpp=MPP)
    zones = find_zones(inked, mpp=MPP, model=load_zone_model())
    found = find_candidates(inked, mpp=MPP, model=model, zones=zones)
    assert found
    assert all(one.x < 1100 for one in found)
    tissue = open_slide(shared_dir / "slides" / "CMU-1-Small-Region.svs")
    try:
        mpp = tissue.identity.mpp or np.nan
        zones = find_zones(tissue, mpp=mpp, model=load_zone_model())
        assert find_candidates(tissue, mpp=mpp, model=model, zones=zones) == []
    finally:
        tissue.close()
