from __future__ import annotations

import numpy as np
import pytest

from marrowscope.training.augment import augment
from marrowscope.training.datasets.blood_fields import named_boxes, outlines_in
from marrowscope.training.datasets.erythroid_edits import (
    other_lymphoid_blue,
    other_maturity,
)
from marrowscope.training.datasets.neutrophil_edits import (
    other_lobes,
    pale_with_few_lobes,
    thin_granules,
)
from marrowscope.training.datasets.stain import StainFrame, dye_directions, mixing
from marrowscope.training.fine_labels import class_of_word
from marrowscope.training.labels import CLASSES
from marrowscope.training.measuring import plain_crop
from marrowscope.training.recipes import RECIPES, Recipe

pytestmark = pytest.mark.training


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_crop_follows_from_its_seed(few_cells, name: str) -> None:
    crops = [
        augment(
            few_cells[0],
            stranger=few_cells[1],
            recipe=RECIPES[name],
            rng=np.random.default_rng(7),
        )
        for _ in range(2)
    ]
    assert crops[0].shape == (128, 128, 3)
    assert crops[0].dtype == np.uint8
    np.testing.assert_array_equal(*crops)


def test_the_empty_recipe_gives_what_the_program_will_see(few_cells) -> None:
    crop = augment(
        few_cells[2],
        stranger=few_cells[0],
        recipe=Recipe(),
        rng=np.random.default_rng(1),
    )
    seen = plain_crop(few_cells.canvas[2])
    inside = (slice(20, -20),) * 2
    difference = np.abs(crop[inside].astype(int) - seen[inside])
    assert np.median(difference) <= 3


def test_dysplastic_cells_carry_grades_and_normal_ones_none(few_cells) -> None:
    dysplastic = np.isin(few_cells.label, [CLASSES.index("ED"), CLASSES.index("GD")])
    assert dysplastic.any()
    assert not dysplastic.all()
    np.testing.assert_array_equal(few_cells.grades.max(axis=1) >= 1, dysplastic)


def test_batches_are_the_same_for_the_same_seed(mixture) -> None:
    one, two = (
        mixture.batch(4, recipe=RECIPES["smear"], seed=(3, 1)) for _ in range(2)
    )
    np.testing.assert_array_equal(one.crops, two.crops)


def test_a_picture_keeps_its_colours_when_its_own_dyes_are_mixed_in() -> None:
    dyes = dye_directions(np.array([0.7, 0.6, 0.3]), np.array([0.2, 0.7, 0.6]))
    frame = StainFrame(np.zeros(3, np.float32), dyes)
    same = mixing(frame, frame, share=1.0, strength=np.ones(3, np.float32))
    np.testing.assert_allclose(same, np.eye(3), atol=1e-5)


def disc(radius: float) -> np.ndarray:
    rows, columns = np.mgrid[:192, :192] - 96
    return np.hypot(rows, columns) < radius


def test_grade_zero_editing_leaves_a_normal_cell_normal() -> None:
    seen = set()
    density = 0.2 + 0.3 * disc(40)[..., None] + 0.8 * disc(18)[..., None]
    density = np.broadcast_to(density, (192, 192, 3)).astype(np.float32)
    chromatin = np.full((31, 31, 3), 1.2, np.float32)
    for seed in range(12):
        for edit in (thin_granules, other_lobes, pale_with_few_lobes):
            edited, grades, _ = edit(
                density,
                disc(40),
                disc(18),
                chromatin=chromatin,
                rng=np.random.default_rng(seed),
            )
            assert np.isfinite(edited).all()
            np.testing.assert_allclose(edited[~disc(46)], density[~disc(46)], atol=0.06)
            seen.add((edit.__name__, max(grades.values()) > 0))
    assert len(seen) == 6


def test_other_stages_of_an_erythroblast_are_no_dysplasia_and_keep_the_nucleus() -> (
    None
):
    density = 0.2 + 0.3 * disc(40)[..., None] + 0.8 * disc(18)[..., None]
    density = np.broadcast_to(density, (192, 192, 3)).astype(np.float32)
    for edit in (other_maturity, other_lymphoid_blue):
        edited, grades, _ = edit(
            density,
            disc(40),
            disc(18),
            chromatin=np.zeros((3, 3, 3), np.float32),
            rng=np.random.default_rng(2),
        )
        assert not grades
        np.testing.assert_allclose(edited[disc(14)], density[disc(14)], atol=0.02)
        assert np.abs(edited - density)[disc(36) & ~disc(22)].mean() > 0.02


def test_a_box_without_a_pseudo_mask_is_taken_for_an_ellipse() -> None:
    marks = outlines_in(np.array([10.0, 20.0, 40.0, 20.0]), None, (80, 80))
    assert (marks[30, 15:45] == 2).all()
    assert marks[22, 12] == 0


def test_named_blood_cells_have_words_the_classifier_knows() -> None:
    words = {word for cells in named_boxes().values() for _, word in cells}
    assert {class_of_word(word) for word in words} == {"GN", "other"}
