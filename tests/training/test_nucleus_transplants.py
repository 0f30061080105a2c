from __future__ import annotations

import numpy as np
import pytest

from marrowscope.training.datasets.nucleus_transplants import (
    Nucleus,
    few_lobes,
    usual_lobes,
)

pytestmark = pytest.mark.training


def disc(x: float, y: float, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[:192, :192]
    return np.hypot(columns - x, rows - y) < radius


@pytest.fixture
def neutrophil() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Density, cell and nucleus: a pink cell with its dark nucleus at one side."""
    cell, nucleus = disc(96, 96, 44), disc(80, 96, 18)
    density = 0.05 + 0.25 * cell[..., None] + 1.2 * nucleus[..., None]
    return np.repeat(density, 3, axis=2).astype(np.float32), cell, nucleus


@pytest.fixture
def donor() -> Nucleus:
    mask = disc(60, 120, 24)
    return Nucleus(np.repeat(1.5 * mask[..., None], 3, 2).astype(np.float32), mask)


@pytest.mark.parametrize("count", [1, 2])
def test_round_nuclei_of_others_make_a_hyposegmented_cell(
    neutrophil, donor, count: int
) -> None:
    edited, grades, _ = few_lobes(
        *neutrophil, donors=[donor] * count, rng=np.random.default_rng(4)
    )
    assert grades["g_hyposegmentation"] == {1: 3, 2: 2}[count]
    dark = (edited.mean(axis=2) > 0.8).sum()
    assert 0.5 < dark / neutrophil[2].sum() < 1.3
    outside = ~disc(96, 96, 50)
    np.testing.assert_allclose(edited[outside], neutrophil[0][outside], atol=0.02)


def test_a_neutrophils_nucleus_in_another_is_no_dysplasia(neutrophil, donor) -> None:
    edited, grades, kind = usual_lobes(
        *neutrophil, donors=[donor], rng=np.random.default_rng(5)
    )
    assert not any(grades.values())
    assert kind == "transplant of lobes"
    middle = edited[90:103, 90:103].mean()
    assert middle > 0.8  # the new nucleus lies in the middle, the old one is gone
    assert edited[96, 66].mean() < 0.8
