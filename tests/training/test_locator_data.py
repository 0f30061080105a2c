"""Pseudo-masks, cut-outs, composed and drawn fields: what the locator is fed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")

from marrowscope.training.locator.augmentation import (  # noqa: E402
    random_window,
    restain,
)
from marrowscope.training.locator.cell_scene import scene_of_crop  # noqa: E402
from marrowscope.training.locator.composing import Composer  # noqa: E402
from marrowscope.training.locator.cutouts import CutOutBank, add_picture  # noqa: E402
from marrowscope.training.locator.phantom_fields import phantom_field  # noqa: E402
from marrowscope.training.locator.scale import mpp_from_red_cells  # noqa: E402

pytestmark = pytest.mark.training


def crop() -> np.ndarray:
    """A lymphocyte-like cell in the middle, two red cells beside it, 0.18 µm/px."""
    picture = np.full((200, 200, 3), (250, 232, 205), np.uint8)
    for spot in ((35, 40), (160, 150)):
        cv2.circle(picture, spot, 20, (205, 165, 160), -1)
    cv2.circle(picture, (100, 100), 32, (160, 160, 215), -1)
    cv2.circle(picture, (103, 98), 22, (75, 40, 130), -1)
    return cv2.GaussianBlur(picture, (0, 0), 1.0)


def test_a_pseudo_mask_holds_the_cell_and_not_the_red_cells() -> None:
    scene = scene_of_crop(crop(), lobed=False, platelets=True)
    wanted = np.hypot(*(np.indices((200, 200)) - 100)) < 32
    cell = scene.cells == 1
    assert 2 * (cell & wanted).sum() / (cell.sum() + wanted.sum()) > 0.93
    assert not scene.cells[30:50, 25:45].any()
    assert 0.3 < scene.nucleus.sum() / cell.sum() < 0.65


def test_red_cells_give_the_scale_and_odd_boxes_do_not() -> None:
    boxes = np.array([[20 + 60 * i, 50, 40, 40] for i in range(5)], float)
    boxes = np.vstack([boxes, [[0, 0, 90, 90], [30, 200, 90, 20]]])
    assert mpp_from_red_cells(boxes, width=500, height=500) == pytest.approx(
        7.2 / (0.95 * 76.9), rel=0.05
    )
    boxes[:5, 2:] = 84
    assert mpp_from_red_cells(boxes, width=500, height=363) == pytest.approx(
        7.2 / (0.95 * 84)
    )


@pytest.fixture
def bank() -> CutOutBank:
    """What one drawn crop gives."""
    bank = CutOutBank()
    scene = scene_of_crop(crop(), lobed=False, platelets=True)
    row = {"mpp": "0.18", "dataset": "acevedo_blood", "label": "LY"}
    add_picture(bank, crop(), scene, row)
    return bank


def test_composed_fields_follow_their_seed_and_label_every_cell(
    bank: CutOutBank,
) -> None:
    assert len(bank.cells) == 1
    assert len(bank.red_cells) == 2
    composer = Composer(bank, size=96)
    fields = [composer.compose(np.random.default_rng(3)) for _ in range(2)]
    assert np.array_equal(fields[0].packed(), fields[1].packed())
    field = max(
        (composer.compose(np.random.default_rng(i)) for i in range(8)),
        key=lambda f: f.cells.max(),
    )
    inside = field.image[field.nucleus & (field.cells > 0)].mean()
    assert inside < field.image[field.cells == 0].mean()


def test_drawn_fields_come_with_cells_and_nuclei() -> None:
    field = phantom_field(1_000_001, size=96)
    assert field.image.shape == (96, 96, 3)
    assert field.cells.any()
    assert field.nucleus[field.cells > 0].any()


def test_augmentation_keeps_labels_on_their_pixels(bank: CutOutBank) -> None:
    packed = Composer(bank, size=96).compose(np.random.default_rng(5)).packed()
    window = random_window(packed, np.random.default_rng(1), size=64)
    assert window.shape == (64, 64, 7)
    assert set(np.unique(window[..., 3])) <= {0, 1}
    image = np.ascontiguousarray(window[..., :3])
    for seed in range(12):
        changed = restain(image, np.random.default_rng(seed))
        assert changed.shape == image.shape
        assert changed.dtype == np.uint8
