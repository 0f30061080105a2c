"""Mori's 34 outputs: gate, maximum of 16 turns, stopping early, classes."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.inference.grade_scale import AS_IT_IS, GradeScale
from marrowscope.inference.graded_classes import (
    CLASSES,
    Sharing,
    class_probabilities,
    fine_probabilities,
)
from marrowscope.inference.graded_labels import (
    GROUPS,
    IDS,
    LABELS,
    MAXIMA,
    gated,
    index_of,
    rounded,
)
from marrowscope.inference.rotations import COUNT, ORDER, STAGES, TURNS, Stopping


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
    chances = class_probabilities(outputs, Sharing(2.0))
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert CLASSES[int(chances[0].argmax())] == named


def test_finer_answers_add_up_to_their_classes():
    rng = np.random.default_rng(3)
    outputs = rng.random((20, len(LABELS)), dtype=np.float32)
    classes = class_probabilities(outputs, Sharing(1.5))
    fine = fine_probabilities(outputs, classes, Sharing(1.5))
    np.testing.assert_allclose(fine.sum(axis=1), 1, atol=1e-4)


def test_what_can_rise_no_further_is_settled_and_what_can_is_not():
    still = Stopping(np.zeros((3, 34), np.float32))
    assert still.settled(said(g_normal=0.9), 0).all()
    lively = Stopping(np.full((3, 34), 0.7, np.float32))
    assert not lively.settled(said(g_normal=0.3), 0).any()


def test_a_cut_is_where_a_grade_begins_and_kinds_stay_as_they_are():
    scale = GradeScale.of({"g_decreased_granules": [1.5, 2.0, 2.6]})
    raw = np.array([0.0, 0.75, 1.5, 2.0, 2.6, 3.0], np.float32)
    outputs = np.zeros((6, len(LABELS)), np.float32)
    outputs[:, 13], outputs[:, 10] = raw, 0.6
    read = scale.read(outputs)
    np.testing.assert_allclose(read[:, 13], [0, 0.25, 0.5, 1.5, 2.5, 3], atol=1e-6)
    np.testing.assert_allclose(read[:, 10], 0.6)
    np.testing.assert_allclose(AS_IT_IS.read(outputs), outputs, atol=1e-6)


@pytest.mark.parametrize(
    "table",
    [
        {"g_normal": [0.5, 1.5, 2.5]},
        {"no_such_change": [0.5, 1.5, 2.5]},
        {"g_projections": [0.5, 2.5]},
        {"g_projections": [0.5, 0.4, 2.5]},
        {"g_projections": [0.5, 1.5, 3.0]},
    ],
)
def test_cuts_that_make_no_scale_are_refused(table):
    with pytest.raises(ValueError, match=next(iter(table))):
        GradeScale.of(table)


@pytest.mark.parametrize("table", [{"sharpness": 0}, {"temperature": 2}])
def test_a_sharing_that_makes_no_sense_is_refused(table):
    with pytest.raises(ValueError, match="mori.sharing"):
        Sharing.of(table)


def test_a_normal_cell_below_the_cut_is_normal_and_above_it_dysplastic():
    scale = GradeScale.of({"g_decreased_granules": [1.5, 2.0, 2.6]})
    raw = np.concatenate(
        [said(g_normal=0.7, g_decreased_granules=value) for value in (1.4, 1.6)]
    )
    read = scale.read(raw)
    chances = class_probabilities(read, Sharing(4.0, 3.0))
    assert [CLASSES[i] for i in chances.argmax(axis=1)] == ["GN", "GD"]
    assert rounded(read)[:, 13].tolist() == [0, 1]


def test_a_settled_cell_keeps_class_and_grades_whatever_its_outputs_still_do():
    rng = np.random.default_rng(11)
    scale = GradeScale.of({"g_hyposegmentation": [1.2, 1.8, 2.4]})
    sharing = Sharing(4.5, 2.8)
    rise = (rng.random((len(STAGES), len(LABELS))) * 0.2).astype(np.float32)
    stopping = Stopping(rise, scale, sharing)
    highest = (rng.random((4000, len(LABELS))) ** 6 * MAXIMA).astype(np.float32)
    settled = highest[stopping.settled(highest, 1)]
    assert 200 < len(settled) < 4000
    before = scale.read(settled)
    for _ in range(20):
        grown = settled + rng.random(settled.shape, dtype=np.float32) * rise[1]
        after = scale.read(np.minimum(grown, MAXIMA))
        classes = [
            class_probabilities(o, sharing).argmax(axis=1) for o in (before, after)
        ]
        np.testing.assert_array_equal(*classes)
        graded = MAXIMA > 1
        np.testing.assert_array_equal(
            rounded(before)[:, graded], rounded(after)[:, graded]
        )
