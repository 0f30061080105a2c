"""Overlap of masks against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.domain.errors import UnreadableInput
from marrowscope.evaluation.masks import evaluate_masks, masked_pictures


def mask(rows: list[list[int]]) -> np.ndarray:
    return np.asarray(rows, np.uint8)


def test_dice_and_iou_of_cell_and_nucleus_by_hand():
    true = mask([[0, 128, 255, 255]])
    found = mask([[128, 128, 255, 0]])
    report = evaluate_masks([(true, found)])
    assert report.dice == {
        "cell": pytest.approx(4 / 6),
        "nucleus": pytest.approx(2 / 3),
    }
    assert report.iou == {"cell": pytest.approx(2 / 4), "nucleus": pytest.approx(1 / 2)}
    assert report.images == 1


def test_pictures_count_equally_and_nothing_against_nothing_agrees():
    empty, full = mask([[0, 0]]), mask([[255, 255]])
    report = evaluate_masks([(empty, empty), (full, empty)])
    assert report.dice == {"cell": 0.5, "nucleus": 0.5}


def test_no_pairs_have_no_mean():
    assert evaluate_masks([]).as_json()["dice"] == {"cell": None, "nucleus": None}


def test_masks_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="cannot be compared"):
        evaluate_masks([(mask([[0]]), mask([[0, 0]]))])


def test_pictures_are_paired_with_masks_of_their_name(tmp_path):
    for name in ("001.jpg", "001_mask.png", "002.jpg", "003_mask.png"):
        (tmp_path / name).write_bytes(b"x")
    pairs = [(p.name, m.name) for p, m in masked_pictures(tmp_path)]
    assert pairs == [("001.jpg", "001_mask.png")]


def test_a_folder_without_masks_gets_one_sentence(tmp_path):
    with pytest.raises(UnreadableInput, match="no pictures with masks"):
        masked_pictures(tmp_path)
