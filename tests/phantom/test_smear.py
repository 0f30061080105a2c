"""Fields and single cells: what is drawn and what the truth says are one thing."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.phantom import stain, truth
from marrowscope.phantom.smear import DrawnField, SmearPlan, draw_cell, draw_field


@pytest.fixture(scope="module")
def field() -> DrawnField:
    return draw_field(SmearPlan(700, 420, 24, 5, zone="thin", stain=stain.standard()))


def test_the_same_seed_draws_the_same_field_and_another_seed_another() -> None:
    plan = SmearPlan(160, 120, 3, 8, mpp=0.4)
    again = draw_field(plan)
    first = draw_field(plan)
    other = draw_field(SmearPlan(160, 120, 3, 9, mpp=0.4))
    assert np.array_equal(first.pixels, again.pixels)
    assert first.truth == again.truth
    assert not np.array_equal(first.pixels, other.pixels)


def test_a_field_has_the_planned_size_and_number_of_cells(field: DrawnField) -> None:
    assert field.pixels.shape == (420, 700, 3)
    assert field.pixels.dtype == np.uint8
    assert field.cell_map.shape == (420, 700)
    assert field.cell_map.dtype == np.int32
    assert len(field.truth["cells"]) == 24
    assert field.cell_map.max() == 24


def test_boxes_in_the_truth_hold_the_cells_of_the_map(field: DrawnField) -> None:
    for number, cell in enumerate(field.truth["cells"], start=1):
        rows, columns = np.nonzero(field.cell_map == number)
        x, y, w, h = cell["box"]
        seen = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        inside = x <= seen[0] and y <= seen[1] and seen[2] <= x + w and seen[3] <= y + h
        assert inside
        # A neighbour drawn before may cover a sliver of the cell, no more.
        area = (seen[2] - seen[0]) * (seen[3] - seen[1])
        assert area >= 0.6 * w * h


def test_a_cell_over_the_edge_is_marked_cut_and_its_box_stays_inside() -> None:
    field = draw_field(SmearPlan(320, 300, 12, 3, mpp=0.25, mix={"blast": 1}))
    cells = field.truth["cells"]
    assert any(cell["cut"] for cell in cells)
    assert not all(cell["cut"] for cell in cells)
    for cell in cells:
        x, y, w, h = cell["box"]
        assert 0 <= x < x + w <= 320
        assert 0 <= y < y + h <= 300


def test_the_nucleus_lies_in_the_cell_and_is_darker_than_it(field: DrawnField) -> None:
    green = field.pixels[..., 1].astype(float)
    for number, cell in enumerate(field.truth["cells"], start=1):
        x, y, w, h = cell["box"]
        for part in cell["nucleus"]:
            for px, py in part:
                assert x - 1 <= px <= x + w or cell["cut"]
                assert y - 1 <= py <= y + h or cell["cut"]
        assert green[field.cell_map == number].mean() < green.mean()


def test_class_never_contradicts_the_line_and_the_grades() -> None:
    plan = SmearPlan(1400, 1400, 90, 6, mpp=0.5, dysplasia={"e": 0.5, "g": 0.5, "m": 1})
    for cell in draw_field(plan).truth["cells"]:
        assert cell["class"] == truth.class_of(cell["line"], cell["grades"])
        assert (cell["class"] in ("ED", "GD", "MD")) == bool(cell["grades"])
        for feature, grade in cell["grades"].items():
            assert cell["line"] in truth.CARRIERS[feature]
            assert 1 <= grade <= 3


@pytest.mark.parametrize("feature", truth.FEATURES)
@pytest.mark.parametrize("grade", [1, 3])
def test_every_named_feature_can_be_drawn_and_changes_the_picture(
    feature: str, grade: int
) -> None:
    line = truth.CARRIERS[feature][0]
    lab = stain.standard()
    sick = draw_cell(line, {feature: grade}, seed=4, stain=lab)
    well = draw_cell(line, {}, seed=4, stain=lab)
    assert sick.grades == {feature: grade}
    assert sick.cell_class[1] == "D"
    assert well.cell_class[1] == "N"
    assert not np.array_equal(sick.pixels, well.pixels)


@pytest.mark.parametrize("kind", truth.LINES)
def test_every_line_can_be_drawn_in_the_middle_of_its_crop(kind: str) -> None:
    cell = draw_cell(kind, seed=2)
    assert cell.pixels.shape == (128, 128, 3)
    assert cell.line == kind
    rows, columns = np.nonzero(cell.mask)
    assert abs((rows.min() + rows.max() + 1) / 2 - 64) <= 5
    assert abs((columns.min() + columns.max() + 1) / 2 - 64) <= 5
    side = max(np.ptp(rows), np.ptp(columns)) + 1
    assert side * 1.1 <= 128
    assert (cell.nucleus & ~cell.mask).mean() < 0.02


@pytest.mark.parametrize("kind", truth.CLASSES)
def test_every_class_can_be_drawn_without_saying_how(kind: str) -> None:
    drawn = {draw_cell(kind, seed=seed).cell_class for seed in range(4)}
    assert drawn == {kind}


def test_a_class_with_a_feature_draws_a_line_that_can_show_it() -> None:
    cell = draw_cell("ED", {"e_budding": 2}, seed=1)
    assert cell.line in truth.CARRIERS["e_budding"]
    assert cell.grades == {"e_budding": 2}


def test_a_feature_of_another_series_is_refused_in_one_sentence() -> None:
    with pytest.raises(MarrowScopeError, match="band with e_budding"):
        draw_cell("band", {"e_budding": 1}, seed=1)
    with pytest.raises(MarrowScopeError, match="unicorn"):
        draw_cell("unicorn", seed=1)


def test_sizes_are_those_of_life_whatever_the_scale() -> None:
    lab = stain.standard()
    for mpp in (0.1, 0.2, 0.4):
        cell = draw_cell("segmented", seed=3, mpp=mpp, stain=lab, side=int(30 / mpp))
        diameter = 2 * np.sqrt(cell.mask.sum() / np.pi) * mpp
        assert diameter == pytest.approx(
            2 * np.sqrt(draw_cell("segmented", seed=3).mask.sum() / np.pi) * 0.2,
            rel=0.05,
        )


def test_crowding_beyond_the_room_there_is_says_so() -> None:
    with pytest.raises(MarrowScopeError, match="do not fit"):
        draw_field(SmearPlan(64, 64, 60, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 0},
        {"cells": -1},
        {"mpp": 350.0},
        {"dysplasia": {"x": 0.1}},
        {"dysplasia": {"e": 1.5}},
        {"zone": "middle"},
        {"width": 9000},
    ],
)
def test_an_impossible_plan_is_refused(wrong: dict[str, object]) -> None:
    given = {"width": 64, "height": 64, "cells": 1, "seed": 1, **wrong}
    with pytest.raises(MarrowScopeError):
        draw_field(SmearPlan(**given))  # type: ignore[arg-type]
