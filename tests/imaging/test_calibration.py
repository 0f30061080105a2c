"""Scales: what is believed, what optics give, what red cells give."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from marrowscope.domain.errors import UnreadableRegion
from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.calibration import (
    RED_CELL_UM,
    mpp_from_optics,
    propose_crop_mpp,
    propose_crops_mpp,
    propose_mpp,
    propose_slide_mpp,
    propose_slides_mpp,
    trusted_mpp,
)
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.scale import square_mpp
from marrowscope.phantom.smear import SmearPlan, draw_field


@pytest.mark.parametrize(
    ("value", "trusted"),
    [
        (0.25, 0.25),
        (0.05, 0.05),
        (5.0, 5.0),
        (352.9, None),
        (0.0499, None),
        (0, None),
        (-0.25, None),
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_only_scales_a_microscope_can_have_are_trusted(value, trusted):
    assert trusted_mpp(value) == trusted


def test_pixels_that_are_not_square_have_no_scale():
    assert square_mpp(0.25, 0.251) == pytest.approx(0.2505, abs=1e-4)
    assert square_mpp(0.25, 0.5) is None
    assert square_mpp(0.25, None) == 0.25
    assert square_mpp(0.25, 352.9) is None


def test_camera_and_objective_give_the_scale():
    assert mpp_from_optics(3.45, 100) == pytest.approx(0.0345)
    assert mpp_from_optics(3.45, 40, 0.5) == pytest.approx(0.1725)
    with pytest.raises(ValueError, match="above zero"):
        mpp_from_optics(3.45, 0)


@pytest.mark.parametrize("mpp", [0.1, 0.2, 0.33, 0.5])
def test_drawn_red_cells_give_the_scale_they_were_drawn_at(mpp):
    side = int(max(512, 90 / mpp))
    cells = int((side * mpp) ** 2 / 900)
    field = draw_field(SmearPlan(side, side, cells=cells, seed=5, mpp=mpp))
    proposal = propose_mpp(field.pixels)
    assert proposal is not None
    assert proposal.mpp == pytest.approx(mpp, rel=0.12)
    assert proposal.red_cells >= 6
    assert proposal.spread < 0.2


def discs_at(places: list[tuple[int, int]], radius: float, side: int = 400) -> Pixels:
    """Pale pink discs on bright glass, a little blurred."""
    y, x = np.mgrid[0:side, 0:side]
    nearest = np.min([np.hypot(x - a, y - b) for a, b in places], axis=0)
    cover = np.clip(radius + 0.5 - nearest, 0, 1)[..., None]
    glass, red = np.asarray([238.0, 236, 240]), np.asarray([215.0, 170, 180])
    return (glass * (1 - cover) + red * cover).astype(np.uint8)


def test_touching_discs_are_measured_one_by_one():
    places = [(x, y) for y in (60, 160, 260) for x in (60, 98, 136, 250)]
    proposal = propose_mpp(discs_at(places, 20.0))
    assert proposal is not None
    assert proposal.mpp == pytest.approx(RED_CELL_UM / 40, rel=0.06)


def test_too_few_discs_propose_nothing():
    assert propose_mpp(discs_at([(60, 60), (200, 200)], 20.0)) is None


@pytest.mark.parametrize(
    "field",
    [
        np.full((300, 300, 3), 240, np.uint8),
        np.random.default_rng(1).integers(0, 256, (300, 300, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((5, 700, 3), np.uint8),
    ],
    ids=["glass", "noise", "one pixel", "strip"],
)
def test_what_shows_no_red_cells_proposes_nothing(field):
    assert propose_mpp(field) is None


def test_photos_taken_alike_are_measured_together():
    apart = [
        MemorySlide(discs_at([(60, 60), (150, 200), (300, 90)], 20.0)) for _ in range(3)
    ]
    assert propose_slide_mpp(apart[0]) is None
    together = propose_slides_mpp(apart)
    assert together is not None
    assert together.red_cells == 9


def test_three_red_cells_are_enough_in_a_picture_of_one_cell():
    crop = discs_at([(14, 40), (60, 104), (104, 14)], 20.0, side=120)
    assert propose_mpp(crop) is None
    proposal = propose_crop_mpp(crop)
    assert proposal is not None
    assert proposal.mpp == pytest.approx(RED_CELL_UM / 40, rel=0.08)


def test_pictures_of_single_cells_are_measured_together():
    crops = [discs_at([(40, 40), (90, 80)], 20.0, side=120) for _ in range(4)]
    assert propose_crop_mpp(crops[0]) is None
    proposal = propose_crops_mpp(crops)
    assert proposal is not None
    assert proposal.mpp == pytest.approx(RED_CELL_UM / 40, rel=0.06)
    assert propose_crops_mpp([]) is None


@pytest.mark.shared
def test_the_masked_blood_pictures_give_their_scale(shared_dir: Path):
    """Measured by hand on 22 of their red cells: 0.098 µm per pixel."""
    pictures = sorted((shared_dir / "data" / "wbc_masks").glob("0??.jpg"))[:60]
    proposal = propose_crops_mpp(np.asarray(Image.open(p)) for p in pictures)
    assert proposal is not None
    assert proposal.mpp == pytest.approx(0.098, rel=0.1)


class HalfBroken(MemorySlide):
    """Its left half cannot be read."""

    def read(self, x: int, y: int, width: int, height: int, *, level: int) -> Pixels:
        if x < 1000:
            raise UnreadableRegion("broken there")
        return super().read(x, y, width, height, level=level)


def test_damaged_parts_of_a_slide_are_left_out():
    places = [(x, y) for y in range(40, 380, 80) for x in range(40, 380, 80)]
    wide = np.full((400, 1500, 3), 238, np.uint8)
    wide[:, 1050:1450] = discs_at(places, 20.0)
    proposal = propose_slide_mpp(HalfBroken(wide))
    assert proposal is not None
    assert proposal.mpp == pytest.approx(RED_CELL_UM / 40, rel=0.06)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["CMU-1-Small-Region.svs", "boxes.tiff"])
def test_tissue_and_drawings_propose_nothing(shared_dir: Path, name):
    assert propose_slide_mpp(open_slide(shared_dir / "slides" / name)) is None


@pytest.mark.shared
def test_the_marrow_fields_with_scale_bars_give_their_scale(shared_dir: Path):
    """The bar of the fields 9xxx says 0.17 µm per pixel."""
    folder = shared_dir / "data" / "marrow_fields"
    entries = json.loads((folder / "marrow_fields.json").read_text())["images"]
    slides = []
    for entry in entries:
        if entry["file"].startswith("9"):
            first, last = entry["content_rows"]
            pixels = np.asarray(Image.open(folder / entry["file"]).convert("RGB"))
            slides.append(MemorySlide(pixels[first : last + 1]))
    proposal = propose_slides_mpp(slides)
    assert proposal is not None
    assert proposal.mpp == pytest.approx(0.17, rel=0.1)
