"""What the zone network learns from: pictures drawn with their zones known."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from marrowscope.training.counting_zone.cellular import cellular
from marrowscope.training.counting_zone.drawing import (
    KNOWN,
    crowded,
    restained,
    sectioned,
)
from marrowscope.training.small_networks import as_one

pytestmark = pytest.mark.training
SHAPE = (320, 320)


def rng(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture
def smear() -> np.ndarray:
    """Pink discs on pale glass, as red cells are at low power."""
    ys, xs = np.mgrid[: SHAPE[0], : SHAPE[1]]
    discs = np.hypot(ys % 10 - 5, xs % 10 - 5) < 3.5
    return np.where(discs[..., None], (200, 150, 160), (232, 226, 234)).astype(np.uint8)


def test_another_stain_darkens_cells_and_leaves_the_picture_where_it_is(
    smear: np.ndarray,
) -> None:
    for seed in range(6):
        again = restained(smear, rng(seed))
        assert again.shape == smear.shape
        cells = smear[..., 1] < 200
        assert again[cells].mean() < again[~cells].mean() - 10
        assert np.abs(again.astype(int) - smear).mean() > 2


def test_tissue_is_where_the_drawing_holds_back_light(smear: np.ndarray) -> None:
    for seed in range(6):
        picture, zones = sectioned(smear, rng(seed))
        tissue = zones == KNOWN.index("tissue")
        assert set(np.unique(zones)) <= {KNOWN.index("tissue"), KNOWN.index("glass")}
        if tissue.any() and not tissue.all():
            assert picture[tissue].mean() < picture[~tissue].mean() - 5


def test_a_cellular_marrow_has_more_nuclei_where_it_is_thick(smear: np.ndarray) -> None:
    thick = np.zeros(SHAPE, bool)
    thick[:, : SHAPE[1] // 2] = True
    light = np.full((*SHAPE, 3), 0.9, np.float32)
    drawn = np.mean([cellular(light, thick, rng(k)) for k in range(8)], axis=0)
    assert drawn[thick].mean() < drawn[~thick].mean() < 0.9
    zones = np.full(SHAPE, KNOWN.index("thin"), np.uint8)
    assert crowded(smear, zones, rng()).min() < smear.min() - 40


def test_networks_joined_to_one_say_the_mean_of_what_each_says() -> None:
    measured = rng().normal(size=(200, 4))
    classes = (measured[:, 0] > 0).astype(int) + (measured[:, 1] > 1)
    several = [
        MLPClassifier((5,), max_iter=2000, tol=1e-2, random_state=k).fit(
            measured, classes
        )
        for k in range(3)
    ]
    logits = np.mean([np.log(n.predict_proba(measured)) for n in several], axis=0)
    said = np.log(as_one(several).predict_proba(measured))
    apart = said - logits
    np.testing.assert_allclose(apart, apart[:, :1].repeat(3, axis=1), atol=1e-6)
