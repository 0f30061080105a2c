"""Mori's 34 outputs: gate, maximum of 16 turns, stopping early, classes."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.inference.graded_classes import (
    CLASSES,
    class_probabilities,
    fine_probabilities,
)
from marrowscope.inference.graded_labels import GROUPS, IDS, LABELS, gated, index_of
from marrowscope.inference.rotations import COUNT, ORDER, TURNS, Stopping


def said(**grades: float) -> np.ndarray:
    outputs = np.zeros((1, len(LABELS)), np.float32)
    for name, value in grades.items():
        outputs[0, index_of(name)] = value
    return outputs


def test_the_34_outputs_come_in_the_order_of_the_authors_own_code():
    assert [label.code for label in LABELS] == [
        "0e",
        "A",
        "B",
        "C",
        "D",
        "E",
        "G",
        "X",
        "Y",
        "giant",
        "0g",
        "J",
        "K",
        "L",
        "P",
        "Q",
        "R",
        "Z",
        "0m",
        "S",
        "T",
        "U",
        "V",
        "img",
        "pla",
        "lym",
        "mei",
        "eos",
        "his",
        "mon",
        "bas",
        "div",
        "rbc",
        "plt",
    ]
    assert [GROUPS[g].stop - GROUPS[g].start for g in "egmo"] == [10, 8, 5, 11]
    assert IDS.index("g_decreased_granules") == 13


def test_decreased_granules_count_only_where_granulocytes_are_highest():
    pale = said(g_normal=0.9, g_decreased_granules=2.0)
    assert gated(pale)[0, 13] == pytest.approx(2.0)
    red = said(e_normal=1.0, g_decreased_granules=0.8)
    assert gated(red)[0, 13] == 0


def test_sixteen_turns_of_22_and_a_half_degrees_each_made_once():
    assert np.allclose(np.diff(np.degrees(TURNS)), 22.5)
    assert sorted(ORDER) == list(range(COUNT))


@pytest.mark.parametrize(
    ("outputs", "named"),
    [
        (said(e_normal=0.9), "EN"),
        (said(e_normal=0.4, e_budding=2.0), "ED"),
        (said(g_normal=0.8), "GN"),
        (said(g_normal=0.5, g_decreased_granules=2.5), "GD"),
        (said(o_eosinophil=0.9), "GN"),
        (said(m_normal=0.9), "MN"),
        (said(m_micromegakaryocyte=2.0), "MD"),
        (said(g_myeloblast=0.9), "blast"),
        (said(o_lymphocyte=0.9), "other"),
        (said(), "other"),
    ],
)
def test_outputs_make_the_class_a_reader_would_name(outputs, named):
    chances = class_probabilities(outputs, sharpness=2.0)
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert CLASSES[int(chances[0].argmax())] == named


def test_finer_answers_add_up_to_their_classes():
    rng = np.random.default_rng(3)
    outputs = rng.random((20, len(LABELS)), dtype=np.float32)
    classes = class_probabilities(outputs, sharpness=1.5)
    fine = fine_probabilities(outputs, classes, sharpness=1.5)
    np.testing.assert_allclose(fine.sum(axis=1), 1, atol=1e-4)


def test_what_can_rise_no_further_is_settled_and_what_can_is_not():
    still = Stopping(np.zeros((3, 34), np.float32))
    assert still.settled(said(g_normal=0.9), 0).all()
    lively = Stopping(np.full((3, 34), 0.7, np.float32))
    assert not lively.settled(said(g_normal=0.3), 0).any()
