"""Dysplastic cells per lineage: denominators, grades, and words for confirmed ones."""

from __future__ import annotations

import pytest

from marrowscope.domain.call_tally import call_tally
from marrowscope.domain.criteria import DYSPLASIA_LINEAGES, Criteria
from marrowscope.domain.dysplasia import confirmed_dysplasia, suggested_dysplasia
from marrowscope.domain.review import Verdict
from marrowscope.domain.statistics import Share, Standing
from marrowscope.domain.tally import Tally
from marrowscope.domain.threshold_ledger import threshold_ledger
from marrowscope.domain.typed_facts import quality, read_facts
from marrowscope.domain.vocabulary import ModelVocabulary
from tests.conftest import GRANULOCYTIC
from tests.domain.cells_of import cells_of


def calls(
    number: int, *lines: str, dysplastic: bool | None, grade: int = 0
) -> list[Verdict]:
    grades = {"e_budding": grade} if grade else {}
    return [Verdict(i, lines, dysplastic, "AB", "now", grades) for i in range(number)]


def test_a_suggestion_names_the_classes_it_divides_by(
    lee_vocabulary: ModelVocabulary,
) -> None:
    table = cells_of(lee_vocabulary, {"GN": 9, "GD": 1, "EN": 50})
    found = suggested_dysplasia(
        Tally.of(table, lee_vocabulary), lee_vocabulary, DYSPLASIA_LINEAGES
    )
    granulocytic = next(d for d in found if d.lineage == "granulocytic")
    assert granulocytic.denominator == "of GN + GD"
    assert granulocytic.percent == pytest.approx(10)


def test_grade_1_is_left_out_of_the_second_percentage(
    lee_vocabulary: ModelVocabulary,
) -> None:
    slight = cells_of(lee_vocabulary, {"ED": 4, "EN": 6}, {"e_budding": 1.2})
    clear = cells_of(lee_vocabulary, {"ED": 4, "EN": 6}, {"e_budding": 2.4})
    first = suggested_dysplasia(
        Tally.of(slight, lee_vocabulary), lee_vocabulary, ["erythroid"]
    )[0]
    second = suggested_dysplasia(
        Tally.of(clear, lee_vocabulary), lee_vocabulary, ["erythroid"]
    )[0]
    assert (first.dysplastic, first.above_grade_1) == (4, 0)
    assert (second.dysplastic, second.above_grade_1) == (4, 4)


def test_features_of_another_lineage_never_grade_a_cell(
    lee_vocabulary: ModelVocabulary,
) -> None:
    table = cells_of(lee_vocabulary, {"ED": 1}, {"g_decreased_granules": 3})
    assert list(lee_vocabulary.grade(table)) == [1]


def test_too_few_cells_give_no_verdict(criteria: Criteria) -> None:
    erythroid = confirmed_dysplasia(
        call_tally(calls(199, "band", dysplastic=True)), criteria
    )[1]
    assert erythroid.lineage == "granulocytic"
    assert erythroid.standing is Standing.TOO_FEW


def test_a_granulocyte_of_no_kind_is_not_in_the_neutrophil_denominator(
    criteria: Criteria,
) -> None:
    verdicts = calls(5, *GRANULOCYTIC, dysplastic=False)
    granulocytic = confirmed_dysplasia(call_tally(verdicts), criteria)[1]
    assert granulocytic.share.total == 0
    assert granulocytic.unplaced == 5


def test_eosinophils_and_blasts_are_not_in_the_neutrophil_denominator(
    criteria: Criteria,
) -> None:
    verdicts = calls(3, "eosinophil", dysplastic=True)
    verdicts += calls(3, "blast", dysplastic=True)
    granulocytic = confirmed_dysplasia(call_tally(verdicts), criteria)[1]
    assert (granulocytic.share.total, granulocytic.unplaced) == (0, 0)


def test_unjudged_cells_wait_outside_the_denominator(criteria: Criteria) -> None:
    verdicts = calls(7, "band", dysplastic=None) + calls(3, "band", dysplastic=False)
    granulocytic = confirmed_dysplasia(call_tally(verdicts), criteria)[1]
    assert (granulocytic.share.total, granulocytic.unjudged) == (3, 7)


def test_only_cells_graded_1_leave_the_percentage_without_grade_1(
    criteria: Criteria,
) -> None:
    line = "orthochromatic_erythroblast"
    verdicts = calls(2, line, dysplastic=True, grade=1)
    verdicts += calls(3, line, dysplastic=True, grade=2)
    verdicts += calls(4, line, dysplastic=True)
    erythroid = confirmed_dysplasia(call_tally(verdicts), criteria)[0]
    assert erythroid.share.count == 9
    assert erythroid.share_above_grade_1.count == 7


def test_a_diluted_specimen_is_never_below_the_threshold(criteria: Criteria) -> None:
    said = [
        *calls(180, "band", dysplastic=False),
        *calls(20, "band", dysplastic=True),
        *calls(250, "polychromatic_erythroblast", dysplastic=False),
    ]
    diluted = quality(read_facts({"dilution": "suspected"}))
    told = call_tally(said)
    erythroid, granulocytic, _ = confirmed_dysplasia(told, criteria, diluted)
    assert granulocytic.standing is Standing.UNDECIDED  # 10 % exactly: at, or above
    assert erythroid.standing is Standing.CANNOT_TELL
    assert confirmed_dysplasia(told, criteria)[0].standing is Standing.BELOW


def test_a_cell_dysplastic_for_granules_alone_is_not_judged_on_a_pale_stain(
    criteria: Criteria,
) -> None:
    granules = {"g_decreased_granules": 3}
    both = {**granules, "g_hyposegmentation": 2}
    said = [
        Verdict(1, ("band",), True, "AB", "now", granules),
        Verdict(2, ("band",), True, "AB", "now", both),
        Verdict(3, ("band",), True, "AB", "now"),
        Verdict(4, ("band",), False, "AB", "now", {"g_decreased_granules": 0}),
    ]
    pale, told = quality(read_facts({"stain": "pale"})), call_tally(said)
    found = confirmed_dysplasia(told, criteria, pale)[1]
    assert (found.share.count, found.share.total, found.unjudged) == (2, 3, 1)
    assert found.unassessable == 1
    whole = confirmed_dysplasia(told, criteria)[1]
    assert (whole.share.count, whole.share.total, whole.unjudged) == (3, 4, 0)
    assert whole.unassessable == 0


def test_on_a_pale_stain_granulocytes_are_never_below_and_erythroblasts_may_be(
    criteria: Criteria,
) -> None:
    """What was called normal may lack granules that nobody could have seen."""
    stages = (("myelocyte",), ("polychromatic_erythroblast",))
    told = call_tally(
        Verdict(i, stage, i < 3, "A", "now") for stage in stages for i in range(300)
    )
    for stain, granulocytic in (("pale", "cannot tell"), ("adequate", "below")):
        found = confirmed_dysplasia(
            told, criteria, quality(read_facts({"stain": stain}))
        )
        assert [str(one.standing) for one in found[:2]] == ["below", granulocytic]
        entries = threshold_ledger(Share(0, 600), found, criteria)
        assert [len(entry.against) for entry in entries[1:3]] == [1, stain != "pale"]
    above = call_tally(Verdict(i, stages[0], i < 60, "A", "now") for i in range(300))
    pale = quality(read_facts({"stain": "pale"}))
    assert str(confirmed_dysplasia(above, criteria, pale)[1].standing) == "at or above"
