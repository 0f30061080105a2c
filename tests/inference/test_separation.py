"""Touching cells part by peaks judged against each other, however low they are."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.inference.separation import filled, parted, rounded_off

ROWS, COLUMNS = np.indices((64, 64))


def cone(row: float, column: float, radius: float) -> np.ndarray:
    """A core map's hill, 1 at the middle and 0 at the radius."""
    away = np.hypot(ROWS - row, COLUMNS - column)
    return np.maximum(1 - away / radius, 0).astype(np.float32)


@pytest.mark.parametrize("height", [1.0, 0.5, 0.35])
def test_two_touching_cells_part_however_unsure_the_network_is(height: float) -> None:
    core = np.maximum(cone(32, 20, 13), cone(32, 44, 13)) * np.float32(height)
    seeds = parted(core, core > 0, dip=0.8)
    assert seeds.max() == 2
    assert seeds[32, 20] != seeds[32, 44]


def test_a_shallow_dip_within_one_cell_parts_nothing() -> None:
    core = np.maximum(cone(32, 29, 20), cone(32, 35, 20)) * np.float32(0.9)
    assert parted(core, core > 0, dip=0.8).max() == 1


def test_a_small_cell_beside_a_large_one_is_kept() -> None:
    core = np.maximum(cone(32, 22, 18), 0.6 * cone(32, 46, 7))
    seeds = parted(core.astype(np.float32), core > 0, dip=0.8)
    assert seeds.max() == 2


def test_every_pixel_of_the_mask_belongs_to_a_cell_of_its_own_part() -> None:
    core = np.maximum(cone(32, 14, 12), cone(32, 34, 12))
    core = np.maximum(core, cone(32, 56, 6))  # alone, and near the right one
    labels = parted(core, core > 0, dip=0.8)
    assert ((labels > 0) == (core > 0)).all()
    assert sorted(np.unique(labels)) == [0, 1, 2, 3]
    assert len(np.unique(labels[:, 51:][core[:, 51:] > 0])) == 1


def test_a_small_hole_is_filled_and_the_gap_in_a_ring_of_cells_is_not() -> None:
    away = np.hypot(ROWS - 32, COLUMNS - 32)
    ring = (away < 28) & (away > 12)
    assert not filled(ring, 100)[32, 32]
    assert filled((away < 28) & (away > 4), 100)[32, 32]


def test_a_hole_open_to_the_edge_is_background() -> None:
    mask = np.ones((16, 16), bool)
    mask[0:2, 5:7] = False
    assert not filled(mask, 100)[0, 5]


def test_nothing_gives_no_seed() -> None:
    nothing = np.zeros((8, 8), np.float32)
    assert not parted(nothing, nothing > 0, dip=0.8).any()


def test_rounding_takes_a_leak_away_and_leaves_small_and_cut_cells() -> None:
    labels = np.zeros((64, 64), np.int32)
    labels[np.hypot(ROWS - 30, COLUMNS - 30) < 10] = 1
    labels[29:31, 40:58] = 1  # the leak
    labels[55:58, 3:6] = 2
    labels[:12, 50:] = 3
    after = rounded_off(labels, 3)
    assert not (after[29:31, 45:] == 1).any()
    assert (after == 1).sum() > 0.95 * (np.hypot(ROWS - 30, COLUMNS - 30) < 10).sum()
    assert (after == 2).sum() == 9
    assert after[0, 63] == 3
    assert (after == 3).sum() > 150
