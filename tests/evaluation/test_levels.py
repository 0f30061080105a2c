"""Vocabularies that differ, compared no finer than both can tell."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.domain.label_words import LabelWords
from marrowscope.domain.vocabulary import FineClass, ModelClass, ModelVocabulary
from marrowscope.evaluation.crop_levels import (
    NamedCrops,
    class_of_word,
    evaluate_crop_levels,
)
from marrowscope.evaluation.levels import Stands, answers_of, common_level
from marrowscope.evaluation.matching import Predictions
from marrowscope.evaluation.named_cells import evaluate_names, level_of
from marrowscope.evaluation.truth import PictureTruth, Truth
from marrowscope.evaluation.words import Words
from tests.conftest import ERYTHROID, GRANULOCYTIC

DATA = {
    "source": [
        {
            "line_of": {"NGS": "segmented", "EOS": "eosinophil", "LYT": "lymphocyte"},
            "class_of": {"IG": "GN", "WBC": "", "dysplastic neutrophil": "GD"},
            "ignored": {"KSC": "smudge"},
        }
    ]
}
NO_PLACES = np.zeros((0, 4), np.float32)


def model_class(class_id: str, lines: tuple[str, ...], lineage: str) -> ModelClass:
    return ModelClass(class_id, class_id, lines, lineage, False)


WU = ModelVocabulary(
    classes=(
        model_class("erythroid", ERYTHROID, "erythroid"),
        model_class("blast", ("blast",), "blast"),
        model_class("myeloid", GRANULOCYTIC, "granulocytic"),
        model_class("lymphoid", ("lymphocyte",), "other"),
        model_class("plasma_cell", ("plasma_cell",), "other"),
    ),
    features=(),
    dysplasia_rule="none",
)


@pytest.fixture(scope="session")
def known(taxonomy):
    return LabelWords.of(DATA, taxonomy)


@pytest.fixture(scope="session")
def wu(known, taxonomy) -> Words:
    return Words(known, taxonomy, WU)


@pytest.fixture(scope="session")
def lee(known, taxonomy, lee_vocabulary) -> Words:
    return Words(known, taxonomy, lee_vocabulary)


def picture(*labels: tuple[str, str]) -> PictureTruth:
    boxes = [(20 * i, 0, 10, 10) for i in range(len(labels))]
    return PictureTruth(
        "a.png",
        np.asarray(boxes, np.float32).reshape(-1, 4),
        tuple(name for name, _ in labels),
        NO_PLACES,
        tuple(line for _, line in labels),
    )


def read(truth: PictureTruth, answers: list[int], classes: int) -> Predictions:
    """Every cell found where it is, class `answers` sure to nine tenths."""
    chances = np.full((len(answers), classes), 0.1 / (classes - 1), np.float32)
    chances[np.arange(len(answers)), answers] = 0.9
    scores = np.linspace(0.9, 0.6, len(answers), dtype=np.float32)
    return Predictions(truth.boxes, scores, probabilities=chances)


def test_dysplasia_is_not_asked_of_a_model_that_cannot_tell_it(wu):
    truth = Truth((picture(("GD", "segmented"), ("GN", "band"), ("EN", "")),), True)
    level = level_of(truth, wu)
    assert level.of_label == {
        "GD segmented": "myeloid",
        "GN band": "myeloid",
        "EN": "erythroid",
    }


def test_what_only_the_labels_tell_apart_is_one_group(wu, lee):
    coarse = Truth((picture(("other", ""), ("blast", "")),), True)
    level = level_of(coarse, wu)
    assert level.of_answer["lymphoid"] == level.of_answer["plasma_cell"]
    assert level.of_label["other"] == level.of_answer["lymphoid"]
    fine = Truth((picture(("lymphocyte", ""), ("plasma_cell", ""), ("blast", "")),))
    assert level_of(fine, lee).groups[-1] == "other"


def test_the_models_own_classes_are_compared_as_they_stand(lee):
    truth = Truth((picture(("GD", "segmented"), ("GN", "band"), ("EN", "")),), True)
    assert level_of(truth, lee).groups == lee.vocabulary.class_ids


@pytest.mark.parametrize(
    "words", [["WBC"], ["nobody knows"], ["NGS", "EOS"], ["WBC", "LYT"]]
)
def test_where_nothing_compares_it_says_so_and_gives_no_figure(lee, words):
    truth = picture(*((word, "") for word in words))
    level = level_of(Truth((truth,)), lee)
    found = {"a.png": read(truth, [1] * len(words), 8)}
    report = evaluate_names(
        Truth((truth,)), found, level, classes=lee.vocabulary.class_ids
    )
    assert report.agreement is None
    assert report.level.why_not.endswith(".")
    assert report.as_json()["found_cells"] is None


def test_cells_the_model_has_no_word_for_are_neither_missed_nor_false(wu):
    truth = picture(("GN", "band"), ("EN", ""), ("other", "mast_cell"))
    whole = Truth((truth,))
    level = level_of(whole, wu)
    report = evaluate_names(
        whole,
        {"a.png": read(truth, [2, 0, 0], 5)},
        level,
        classes=wu.vocabulary.class_ids,
    )
    assert report.left_out == {"other mast_cell": 1}
    assert report.average_precision == 1.0
    assert (report.agreement.count, report.agreement.total) == (2, 2)


def test_a_cell_in_its_place_under_a_wrong_name_is_missed_and_false(wu):
    truth = picture(("NGS", ""), ("LYT", ""), ("LYT", ""))
    whole = Truth((truth,))
    report = evaluate_names(
        whole,
        {"a.png": read(truth, [2, 2, 3], 5)},
        level_of(whole, wu),
        classes=wu.vocabulary.class_ids,
    )
    myeloid, lymphoid = report.per_group["myeloid"], report.per_group["lymphoid"]
    assert (myeloid.precision.value, myeloid.recall.value) == (0.5, 1.0)
    assert (lymphoid.precision.value, lymphoid.recall.value) == (1.0, 0.5)
    assert myeloid.average_precision == 1.0  # the right one is the surer
    assert lymphoid.average_precision == 0.5
    assert report.average_precision == 0.75


def test_groups_are_joined_through_a_third(taxonomy):
    atoms = [frozenset({(line, False)}) for line in ("band", "segmented", "blast")]
    labels = [Stands("a", atoms[0] | atoms[1]), Stands("b", atoms[2])]
    answers = [Stands(str(i), one) for i, one in enumerate(atoms)]
    level = common_level(labels, answers, taxonomy)
    assert level.of_answer["0"] == level.of_answer["1"] != level.of_answer["2"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("NGS", "GN"),
        ("IG", "GN"),
        ("gn", "GN"),
        ("Dysplastic neutrophil", "GD"),
        ("Dysplastic erythroid cells", "ED"),
        ("plasma cells", "other"),
        ("KSC", None),
        ("WBC", None),
        ("holiday", None),
    ],
)
def test_a_folder_may_be_named_by_class_line_or_known_word(lee, word, meant):
    assert class_of_word(word, lee) == meant


def test_a_word_that_is_several_classes_of_the_model_is_none(wu):
    assert class_of_word("other", wu) is None
    assert class_of_word("dysplastic neutrophil", wu) == "myeloid"


def test_lines_are_measured_beneath_the_class_that_was_answered(
    known, taxonomy, lee_vocabulary
):
    fine = (
        FineClass("segmented", "Segmented", "GN", ("segmented",)),
        FineClass("eosinophil", "Eosinophil", "GN", ("eosinophil",)),
        FineClass("stageless", "Dysplastic", "GD", ("segmented", "band")),
    )
    vocabulary = ModelVocabulary(
        lee_vocabulary.classes, lee_vocabulary.features, "", fine
    )
    words = Words(known, taxonomy, vocabulary)
    chances = np.zeros((4, 8))
    chances[:3, 1], chances[:3, 4] = 0.6, 0.4
    chances[3, 7] = 1.0
    # The second is likeliest dysplastic by itself, but its class is GN.
    outputs = np.array([[0.5, 0.1, 0.4], [0.25, 0.35, 0.4], [0.1, 0.5, 0.4], [0, 0, 0]])
    crops = NamedCrops(["NGS", "EOS", "NGS", "IG"], chances, outputs)
    report = evaluate_crop_levels(crops, words)
    assert report.classes.accuracy.count == 3
    assert report.lines is not None
    assert (report.lines.accuracy.count, report.lines.accuracy.total) == (2, 3)
    assert report.not_by_line == {"IG": 1}


def test_a_class_without_lines_stands_for_itself(taxonomy):
    odd = ModelVocabulary((model_class("smear", (), "other"), *WU.classes), (), "")
    labels = [Stands("x", answers_of(odd)[1].atoms), Stands("y", WU_BLAST)]
    assert common_level(labels, answers_of(odd), taxonomy).of_answer["smear"] == "smear"


WU_BLAST = frozenset({("blast", False)})
