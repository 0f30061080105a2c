"""Two layers that never mix: what a model suggests, what a person confirmed."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.domain.call_tally import call_tally
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.cells import Finding, Identity
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.differential import (
    PARTIAL_TITLE,
    ConfirmedRow,
    SuggestedRow,
    confirmed_differential,
    confirmed_ratio,
    confirmed_share,
    suggested_differential,
)
from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Verdict
from marrowscope.domain.tally import Tally
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import FineClass, ModelClass, ModelVocabulary
from tests.conftest import ERYTHROID, GRANULOCYTIC
from tests.domain.cells_of import cells_of


def call(cell: int, *lines: str, dysplastic: bool | None = None) -> Verdict:
    return Verdict(cell, lines, dysplastic, "AB", "2026-11-21T08:00:00Z")


def test_a_suggestion_has_no_interval_to_show() -> None:
    assert not hasattr(SuggestedRow, "interval")
    assert not hasattr(SuggestedRow, "share")
    assert "share" in ConfirmedRow.__dataclass_fields__


def test_classes_of_the_same_lines_make_one_row(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy
) -> None:
    table = cells_of(lee_vocabulary, {"EN": 6, "ED": 2, "blast": 2, "MN": 5})
    suggested = suggested_differential(
        Tally.of(table, lee_vocabulary), lee_vocabulary, taxonomy
    )
    rows = {row.name: row for row in suggested.rows}
    assert rows["Erythroblasts"].classes == ("EN", "ED")
    assert (rows["Erythroblasts"].count, rows["Erythroblasts"].total) == (8, 10)
    assert rows["Blasts"].percent == pytest.approx(20)


def test_megakaryocytes_stay_out_of_the_denominator(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy
) -> None:
    table = cells_of(lee_vocabulary, {"GN": 3, "MN": 40})
    suggested = suggested_differential(
        Tally.of(table, lee_vocabulary), lee_vocabulary, taxonomy
    )
    assert suggested.total == 3
    assert [(r.name, r.count, r.percent) for r in suggested.outside] == [
        ("Megakaryocytes", 40, None)
    ]


def test_lines_a_model_cannot_tell_are_named_and_the_title_says_partial(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy
) -> None:
    table = cells_of(lee_vocabulary, {"GN": 1})
    suggested = suggested_differential(
        Tally.of(table, lee_vocabulary), lee_vocabulary, taxonomy
    )
    assert suggested.title == PARTIAL_TITLE
    assert "band" in suggested.unseparated
    assert "blast" not in suggested.unseparated


def test_rows_follow_maturation_whatever_order_the_model_has(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy
) -> None:
    table = cells_of(lee_vocabulary, {"EN": 1})
    rows = suggested_differential(
        Tally.of(table, lee_vocabulary), lee_vocabulary, taxonomy
    ).rows
    assert [r.classes[0] for r in rows] == ["blast", "GN", "other", "EN"]


def test_confirmed_cells_outside_the_count_never_enter_its_percentages(
    taxonomy: Taxonomy,
) -> None:
    calls = [call(1, "band"), call(2, "megakaryocyte"), call(3, "not_a_cell")]
    confirmed = confirmed_differential(call_tally(calls), taxonomy)
    assert confirmed.total == 1
    assert [(r.lines[0], r.share.count) for r in confirmed.outside] == [
        ("megakaryocyte", 1),
        ("not_a_cell", 1),
    ]


def test_a_cell_called_by_series_counts_in_the_total_but_on_no_line(
    taxonomy: Taxonomy,
) -> None:
    confirmed = confirmed_differential(call_tally([call(1, *ERYTHROID)]), taxonomy)
    assert confirmed.total == 1
    assert [r.name for r in confirmed.series] == ["Erythroblasts"]
    assert all(r.share.count == 0 for r in confirmed.rows)


def test_unidentifiable_cells_stay_listed_and_counted(taxonomy: Taxonomy) -> None:
    confirmed = confirmed_differential(
        call_tally([call(1, "unidentifiable")]), taxonomy
    )
    row = next(r for r in confirmed.rows if r.lines == ("unidentifiable",))
    assert (row.share.count, row.share.total) == (1, 1)


def test_the_ratio_over_no_erythroid_cells_has_no_value(criteria: Criteria) -> None:
    ratio = confirmed_ratio(call_tally([call(1, "band")]), criteria.myeloid_erythroid)
    assert (ratio.numerator, ratio.denominator, ratio.value) == (1, 0, None)


def test_blasts_are_left_out_of_the_ratio_and_its_formula_is_printed(
    criteria: Criteria,
) -> None:
    calls = [call(1, "blast"), call(2, *GRANULOCYTIC), call(3, *ERYTHROID)]
    ratio = confirmed_ratio(call_tally(calls), criteria.myeloid_erythroid)
    assert (ratio.numerator, ratio.denominator) == (1, 1)
    assert "blasts left out" in ratio.formula


def test_blasts_are_a_share_of_all_confirmed_cells_in_the_count(
    taxonomy: Taxonomy, criteria: Criteria
) -> None:
    calls = [call(1, "blast"), call(2, "band"), call(3, "megakaryocyte")]
    share = confirmed_share(call_tally(calls), criteria.blast_lines, taxonomy)
    assert (share.count, share.total) == (1, 2)


def test_finer_outputs_stand_on_their_lines_and_leave_the_rest_unseparated(
    taxonomy: Taxonomy,
) -> None:
    vocabulary = _finer()
    table = _answered(vocabulary, [(0.2, 0.4, 0.1, 0.3), (0.3, 0.1, 0.5, 0.1)])
    said = suggested_differential(Tally.of(table, vocabulary), vocabulary, taxonomy)
    assert {r.lines: r.count for r in said.rows} == {
        ("myelocyte",): 0,
        ("band",): 1,
        ("myelocyte", "metamyelocyte", "band"): 1,
        ("blast",): 0,
    }
    assert said.unseparated == ("metamyelocyte",)
    assert said.title == PARTIAL_TITLE


def test_the_likeliest_finer_output_never_overrules_the_class(
    taxonomy: Taxonomy,
) -> None:
    """Two halves of a class together outweigh the one likeliest output elsewhere."""
    vocabulary = _finer()
    table = _answered(vocabulary, [(0.31, 0.30, 0.0, 0.39)])
    assert vocabulary.answers[int(vocabulary.answer_rows(table)[0])][0] == "GN"


def _finer() -> ModelVocabulary:
    series = ("myelocyte", "metamyelocyte", "band")
    return ModelVocabulary(
        classes=(
            ModelClass("GN", "Granulocyte", series, "granulocytic", False),
            ModelClass("GD", "Dysplastic", series, "granulocytic", True),
            ModelClass("blast", "Blast", ("blast",), "blast", False),
        ),
        features=(),
        dysplasia_rule="",
        fine=(
            FineClass("my", "Myelocyte", "GN", ("myelocyte",)),
            FineClass("bn", "Band", "GN", ("band",)),
            FineClass("gd", "Dysplastic", "GD", series),
            FineClass("bl", "Blast", "blast", ("blast",)),
        ),
    )


def _answered(
    vocabulary: ModelVocabulary, chances: list[tuple[float, ...]]
) -> CellTable:
    findings = [
        Finding(
            Box(0, 0, 9, 9),
            0.9,
            Identity(
                np.array([one[0] + one[1], one[2], one[3]], np.float32),
                np.zeros(0, np.float32),
                fine=np.array(one, np.float32),
            ),
        )
        for one in chances
    ]
    return CellTable.of_findings(
        findings, slide=1, classes=vocabulary.class_ids, features=(), fine=4
    )
