"""Where a smear can be read: zones against drawn truth, tissue, pen, glass."""

from __future__ import annotations

import functools
from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.domain.geometry import Box
from marrowscope.imaging.counting_zone.finding import (
    MeasuredBand,
    find_zones,
    has_zones,
    measured_bands,
    named,
    zones_measured,
)
from marrowscope.imaging.counting_zone.looks import MEASURED
from marrowscope.imaging.counting_zone.zone_map import (
    DEFOCUS,
    EDGE,
    FAT,
    GLASS,
    LEGEND,
    NAMES,
    PARTICLE,
    PEN,
    THICK,
    THIN,
    TISSUE,
    ZoneMap,
)
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.small_network import SmallNetwork
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import DrawnField, draw_field
from marrowscope.training.counting_zone.measuring import (
    drawn_zone,
    overlap,
    real_fields,
)
from marrowscope.workflow.zones import load_zone_model

MPP = 0.5
UNSEEN_SEED = 52
STRONGLY_RED_SEED = 1452390745  # all of it was once called a particle


@pytest.fixture(scope="module")
def model() -> SmallNetwork:
    return load_zone_model()


@pytest.fixture(scope="module")
def smear() -> DrawnField:
    return drawn_smear(UNSEEN_SEED)


@functools.cache
def drawn_smear(seed: int) -> DrawnField:
    """A drawn smear 2 mm wide with its three zones."""
    return draw_field(SmearPlan(4096, 3200, cells=500, seed=seed, mpp=MPP))


def checkerboard() -> ZoneMap:
    zones = np.array([[GLASS, THIN, THICK], [PEN, THIN, FAT]])
    numbers = np.vectorize(NAMES.index)(zones).astype(np.uint8)
    quality = np.array([[0, 255, 51], [0, 204, 0]], np.uint8)
    return ZoneMap(100.0, numbers, quality)


def test_shares_are_of_the_smear_without_glass_and_pen() -> None:
    zones = checkerboard()
    assert zones.share(THIN) == 0.5
    assert zones.share(FAT) == zones.share(THICK) == 0.25
    assert sum(zones.share(name) for name in NAMES if name not in (GLASS, PEN)) == 1
    bare = ZoneMap(9.0, np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.uint8))
    assert bare.share(THIN) == 0


@pytest.mark.parametrize(
    ("box", "quality"),
    [
        (Box(100, 0, 100, 200), 0.9),
        (Box(110, 10, 1, 1), 1.0),
        (Box(250, 50, 500, 500), 0.1),
        (Box(900, 900, 5, 5), 0.0),
        (Box(-50, -50, 10, 10), 0.0),
    ],
)
def test_a_fields_quality_is_that_of_the_patches_it_touches(
    box: Box, quality: float
) -> None:
    assert checkerboard().quality_in(box) == pytest.approx(quality)


def test_every_zone_has_its_words() -> None:
    assert set(LEGEND) == set(NAMES)


def test_a_field_photo_has_no_zones() -> None:
    photo = MemorySlide(np.zeros((400, 4000, 3), np.uint8))
    assert not has_zones(photo, 0.25)
    assert has_zones(photo, 1.5)


def test_empty_glass_is_glass(model: SmallNetwork) -> None:
    glass = np.full((1000, 1100, 3), 240, np.uint8)
    zones = find_zones(MemorySlide(glass), mpp=1.0, model=model)
    assert zones.zones.shape == (16, 18)
    assert zones.is_zone(GLASS).all()
    assert not zones.quality.any()


def test_a_few_patches_of_doubt_do_not_break_the_counting_zone() -> None:
    # Red says edge, green particle: two patches wide each, amid the counting zone.
    measured = np.ones((16, 16, len(MEASURED)), np.float32)
    red, green = MEASURED.index("red"), MEASURED.index("green")
    measured[..., [red, green]] = 0
    measured[4:6, 4:6, red] = measured[10:12, 10:12, green] = 1
    weights = np.zeros((4 * len(MEASURED), 6), np.float32)
    weights[red, 1] = weights[green, 2] = 8
    model = SmallNetwork(
        (THIN, EDGE, PARTICLE, GLASS, THICK, TISSUE),
        np.zeros(len(weights), np.float32),
        np.ones(len(weights), np.float32),
        ((weights, np.array([4, 0, 0, -9, -9, -9], np.float32)),),
    )
    band = MeasuredBand(measured, np.zeros((16, 16), bool))
    zones = zones_measured([band], mpp=MPP, model=model)
    assert not zones.is_zone(EDGE).any()
    assert zones.is_zone(PARTICLE)[10:12, 10:12].all()
    assert zones.is_zone(THIN).sum() == 16 * 16 - 4


@pytest.mark.slow
@pytest.mark.parametrize("seed", [UNSEEN_SEED, STRONGLY_RED_SEED])
def test_the_counting_zone_overlaps_the_drawn_one_by_nine_tenths(
    model: SmallNetwork, seed: int
) -> None:
    smear = drawn_smear(seed)
    zones = find_zones(MemorySlide(smear.pixels), mpp=MPP, model=model)
    assert overlap(zones, drawn_zone(smear, THIN), THIN) >= 0.9


@pytest.mark.slow
def test_a_drawn_marrow_full_of_cells_can_be_counted(model: SmallNetwork) -> None:
    crowd = SmearPlan(1536, 1536, cells=1000, seed=UNSEEN_SEED, mpp=MPP, zone=THIN)
    zones = find_zones(MemorySlide(draw_field(crowd).pixels), mpp=MPP, model=model)
    assert zones.share(THIN) > 0.8
    assert zones.share(TISSUE) == 0


@pytest.mark.parametrize(
    ("solid", "blurred", "thin", "is_section"),
    [
        (60, 40, 0, True),
        (40, 60, 0, False),
        (60, 10, 30, False),
        (0, 100, 0, False),
        (0, 0, 100, False),
    ],
)
def test_blurred_parts_of_a_section_are_the_section_but_a_blurred_smear_is_none(
    solid: int, blurred: int, thin: int, *, is_section: bool
) -> None:
    names = (PARTICLE, DEFOCUS, THIN, TISSUE)
    shown = np.repeat([0, 1, 2], [solid, blurred, thin]).reshape(10, 10)
    zones, quality = named(np.eye(4, dtype=np.float32)[shown], names)
    assert (zones == NAMES.index(TISSUE)).all() == is_section
    assert (zones == NAMES.index(TISSUE)).any() == is_section
    assert (quality > 0).sum() == thin


def test_a_patch_is_solid_when_particle_and_tissue_together_are_likeliest() -> None:
    names = (PARTICLE, THIN, TISSUE)
    doubt = np.tile(np.array([0.3, 0.4, 0.3], np.float32), (4, 4, 1))
    doubt[:, 2:] = [0.1, 0.8, 0.1]
    zones, _ = named(doubt, names)
    assert (zones[:, :2] == NAMES.index(PARTICLE)).all()
    assert (zones[:, 2:] == NAMES.index(THIN)).all()


@pytest.mark.slow
def test_pen_marks_are_never_read(model: SmallNetwork, smear: DrawnField) -> None:
    mark = np.zeros(smear.pixels.shape[:2], np.uint8)
    cv2.ellipse(mark, (2200, 1600), (900, 700), 15, 0, 300, (1,), 360)
    for ink in ((30, 50, 150), (25, 25, 30)):
        pixels = np.where(mark[..., None] > 0, np.array(ink, np.uint8), smear.pixels)
        zones = find_zones(MemorySlide(pixels), mpp=MPP, model=model)
        size = zones.zones.shape[::-1]
        inside = cv2.resize(mark.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        assert (zones.quality[inside > 0.95] < 64).all()
        assert zones.is_zone(PEN)[inside > 0.95].mean() > 0.9
        assert zones.is_zone(PEN)[inside == 0].mean() < 0.02


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "ink"),
    [(16, (30, 50, 150)), (24, (25, 25, 30)), (40, (40, 140, 70))],
)
def test_a_line_of_a_pen_thinner_than_a_patch_is_never_read(
    model: SmallNetwork, smear: DrawnField, width: int, ink: tuple[int, int, int]
) -> None:
    mark = np.zeros(smear.pixels.shape[:2], np.uint8)
    thick = round(width / MPP)
    cv2.line(mark, (300, 200), (2600, 2900), (1,), thick)
    cv2.ellipse(mark, (2800, 1500), (700, 500), 20, 0, 300, (1,), thick)
    noise = np.random.default_rng(4).normal(0, 5, smear.pixels.shape)
    pixels = (
        np.where(mark[..., None] > 0, np.array(ink, np.uint8), smear.pixels) + noise
    )
    pixels = pixels.clip(0, 255).astype(np.uint8)
    zones = find_zones(MemorySlide(pixels), mpp=MPP, model=model)
    size = zones.zones.shape[::-1]
    inside = cv2.resize(mark.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    assert zones.is_zone(PEN)[inside > 0.1].mean() > 0.85
    untouched = cv2.dilate(inside, np.ones((3, 3))) == 0
    assert not zones.is_zone(PEN)[untouched].any()


@pytest.mark.slow
def test_a_smear_without_a_pen_has_none(smear: DrawnField) -> None:
    bands = measured_bands(MemorySlide(smear.pixels), mpp=MPP)
    assert not any(band.inked.any() for band in bands)


@pytest.mark.shared
def test_a_tissue_section_is_no_smear(model: SmallNetwork, shared_dir: Path) -> None:
    slide = open_slide(shared_dir / "slides" / "CMU-1-Small-Region.svs")
    try:
        zones = find_zones(slide, mpp=0.499, model=model)
    finally:
        slide.close()
    assert zones.share(TISSUE) > 0.9
    assert zones.share(THIN) < 0.01
    assert not zones.quality[zones.is_zone(TISSUE)].any()
    assert not zones.is_zone(PEN).any()


@pytest.mark.shared
def test_a_marrow_full_of_cells_is_no_tissue_section(
    model: SmallNetwork, shared_dir: Path
) -> None:
    folder = shared_dir / "data" / "marrow_fields"
    called = [find_zones(f, mpp=1.0, model=model) for f in real_fields(folder)]
    assert len(called) == 28
    assert sum(zones.share(TISSUE) > 0.5 for zones in called) <= 2
