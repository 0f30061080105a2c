"""Separate cells from maps: touching ones part, lobes and fragments stay together."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from marrowscope.inference.postprocess import (
    MapThresholds,
    cell_mask,
    cells_from_maps,
)
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import draw_field

USUAL = MapThresholds()
MPP = 0.5


def ideal_maps(cell_map: np.ndarray, nucleus: np.ndarray | None = None) -> np.ndarray:
    """What a perfect network would answer for these cells (H, W) of numbers."""
    maps = np.zeros((3, *cell_map.shape), np.float32)
    maps[0] = cell_map > 0
    maps[1] = maps[0] if nucleus is None else nucleus
    for number in np.unique(cell_map[cell_map > 0]):
        mask = (cell_map == number).astype(np.uint8)
        # A cell ends at the picture's edge too, as it does in training.
        padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
        depth = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]
        maps[2] = np.where(mask, depth / depth.max(), maps[2])
    return maps


def discs(*cells: tuple[float, float, float], size: int = 128) -> np.ndarray:
    rows, columns = np.ogrid[:size, :size]
    cell_map = np.zeros((size, size), np.int32)
    for number, (x, y, radius) in enumerate(cells, start=1):
        cell_map[np.hypot(columns - x, rows - y) < radius] = number
    return cell_map


def found(cell_map: np.ndarray, nucleus: np.ndarray | None = None) -> list:
    maps = ideal_maps(cell_map, nucleus)
    return cells_from_maps(maps, mpp=MPP, thresholds=USUAL)


def test_nothing_gives_nothing() -> None:
    assert found(discs()) == []


def test_touching_cells_part() -> None:
    assert len(found(discs((40, 64, 14), (67, 64, 14), (54, 88, 13)))) == 3


def test_a_cell_of_many_nuclei_is_one_cell() -> None:
    cell = discs((64, 64, 24))
    nuclei = discs((55, 60, 6), (70, 58, 6), (64, 74, 6)) > 0
    assert len(found(cell, nuclei)) == 1


def giant_maps() -> np.ndarray:
    """A cell of 40 µm with three nuclei apart, each with a peak of its own."""
    cell, nuclei = discs((64, 64, 40)), discs((45, 55, 8), (82, 58, 8), (62, 88, 8))
    maps = ideal_maps(cell, nuclei > 0)
    maps[2] = np.maximum(0.3 * maps[0], ideal_maps(nuclei)[2])
    return maps


def test_a_giant_whose_nuclei_lie_apart_is_one_cell() -> None:
    (one,) = cells_from_maps(giant_maps(), mpp=MPP, thresholds=USUAL)
    assert one.box.width == pytest.approx(79, abs=3)


def test_a_cell_leaning_on_a_giant_stays_a_cell() -> None:
    maps, lean = giant_maps(), discs((114, 64, 11))
    added = ideal_maps(lean, (lean > 0) & (discs((114, 64, 8)) > 0))
    both = np.maximum(maps, added)
    assert len(cells_from_maps(both, mpp=MPP, thresholds=USUAL)) == 2


def test_a_clump_of_small_cells_is_no_giant() -> None:
    spots = [(40, 40, 14), (67, 42, 14), (46, 68, 14), (74, 70, 14), (58, 94, 13)]
    nuclei = discs(*[(x, y, r - 4) for x, y, r in spots]) > 0
    assert len(found(discs(*spots), nuclei)) == 5


def test_what_has_no_nucleus_is_no_cell() -> None:
    assert found(discs((64, 64, 12)), np.zeros((128, 128))) == []


def test_specks_are_no_cells() -> None:
    assert found(discs((64, 64, 2))) == []


def test_a_hole_in_a_mask_is_filled() -> None:
    cell = discs((64, 64, 20))
    maps = ideal_maps(cell)
    maps[0][60:66, 60:66] = 0
    (one,) = cells_from_maps(maps, mpp=MPP, thresholds=USUAL)
    assert one.box.width == pytest.approx(39, abs=2)


def test_the_edge_cuts_a_cell_and_it_says_so() -> None:
    whole, cut = sorted(found(discs((64, 64, 12), (2, 64, 12))), key=lambda c: c.cut)
    assert not whole.cut
    assert cut.cut
    assert cut.box.x == 0


def test_the_outline_runs_around_the_cell() -> None:
    (one,) = found(discs((64, 64, 20)))
    assert one.outline is not None
    away = np.hypot(*(one.outline - [64.5, 64.5]).T)
    assert len(one.outline) <= 64
    assert away == pytest.approx(np.full(len(away), 19.5), abs=1.5)


def test_a_mask_tells_cytoplasm_from_nucleus() -> None:
    mask = cell_mask(
        ideal_maps(discs((64, 64, 20)), discs((64, 64, 8)) > 0),
        mpp=MPP,
        thresholds=USUAL,
    )
    assert (mask[64, 64], mask[64, 80], mask[2, 2]) == (255, 128, 0)


def test_perfect_maps_of_a_drawn_smear_give_its_cells_back() -> None:
    field = draw_field(SmearPlan(1024, 1024, 40, 5, mpp=MPP, touching=0.9))
    boxes = [cell["box"] for cell in field.truth["cells"]]
    cells = found(field.cell_map)
    hits = sum(
        any(
            abs(c.box.x - x) + abs(c.box.y - y) + abs(c.box.right - x - w) < 8
            for c in cells
        )
        for x, y, w, _ in boxes
    )
    assert hits >= 0.97 * len(boxes)
