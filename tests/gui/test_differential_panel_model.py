"""What the differential's tables and bars say, without a window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.review import Verdict
from marrowscope.domain.statistics import Interval
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.differential_panel.dysplasia_model import (
    NOT_CALCULABLE,
    ThresholdBar,
)
from marrowscope.gui.differential_panel.figures import Figures, figures_of
from marrowscope.gui.differential_panel.model import NOT_SEPARATED, interval_text
from marrowscope.gui.differential_panel.table_layout import (
    Printed,
    printed_lines,
    spoken,
)
from marrowscope.workflow.counting import count
from tests.conftest import GRANULOCYTIC
from tests.gui.panel_cases import calls, table_of

NEUTROPHILS = GRANULOCYTIC[:5]
POLY = ("polychromatic_erythroblast",)


@pytest.fixture
def figures(taxonomy: Taxonomy, criteria: Criteria, lee_vocabulary: ModelVocabulary):
    def of(
        classes: list[str] | None = None,
        verdicts: Mapping[int, Verdict] | None = None,
        reading: bool = False,
    ) -> Figures:
        table: CellTable | None = None
        if classes is not None:
            table = table_of(lee_vocabulary, classes)
        known = lee_vocabulary if table is not None else None
        counts = count(table, verdicts or {}, known, taxonomy, criteria)
        return figures_of(counts, taxonomy, criteria, reading=reading)

    return of


def bar_of(figures: Figures, lineage: str) -> ThresholdBar:
    return next(bar for bar in figures.dysplasia if bar.lineage == lineage)


def test_before_anything_is_read_both_layers_say_what_to_do(figures) -> None:
    shown = figures()
    assert shown.tables.suggested.rows == ()
    assert "Read the smear" in shown.tables.suggested.empty
    assert "Enter" in shown.tables.confirmed.empty
    assert [bar.suggested for bar in shown.dysplasia] == [None] * 3


def test_a_smear_without_cells_is_not_called_unread(figures) -> None:
    assert "No cells were found" in figures([]).tables.suggested.empty
    assert [bar.nothing for bar in figures([]).dysplasia] == ["none suggested"] * 3
    assert figures([]).blasts.nothing == "none suggested"
    assert "so far" in figures([], reading=True).tables.suggested.empty


def test_suggested_rows_come_in_maturation_order_with_the_mixed_bag_last(
    figures,
) -> None:
    rows = figures(["other", "EN", "GN", "blast"]).tables.suggested.rows
    assert [row.lineage for row in rows] == [
        "blast",
        "granulocytic",
        "erythroid",
        "other",
    ]


def test_suggestions_have_neither_interval_nor_verdict(figures) -> None:
    shown = figures(["EN", "ED", "GN", "blast"])
    assert {row.interval for row in shown.tables.suggested.rows} == {""}
    assert all(bar.confirmed is None for bar in shown.dysplasia)


def test_lines_the_model_cannot_tell_apart_are_never_printed_as_zero(figures) -> None:
    table = figures(["GN", "GN"]).tables.suggested
    row = next(i for i, r in enumerate(table.rows) if r.lineage == "granulocytic")
    assert "7 lines not separated by this model" in [
        line.text for line in printed_lines(table, ())
    ]
    parts = [x for x in printed_lines(table, {row}) if x.kind is Printed.PART]
    assert [part.text for part in parts][:2] == ["Promyelocytes", "Myelocytes"]
    assert f"Promyelocytes\t{NOT_SEPARATED}" in spoken(table)


def test_a_model_with_joined_classes_makes_a_partial_differential(figures) -> None:
    assert figures(["GN"]).tables.title == "Partial differential by lineage"
    assert figures().tables.title == "Differential"


def test_confirmed_rows_print_percent_count_and_interval(figures) -> None:
    verdicts = calls((("blast",), 10, None), (("lymphocyte",), 90, None))
    rows = figures(verdicts=verdicts).tables.confirmed.rows
    blasts = rows[0]
    assert (blasts.percent, blasts.count) == ("10.0 %", "10")
    assert blasts.interval == "4.9–17.6"  # Rümke's table, n = 100


def test_no_rounding_carries_blasts_or_a_limit_over_a_threshold(figures) -> None:
    verdicts = calls((("blast",), 24, None), (("lymphocyte",), 477, None))
    blasts = figures(verdicts=verdicts).tables.confirmed.rows[0]
    assert blasts.percent == "4.8 %"
    just = Interval(0.0561, 0.09996)
    assert interval_text(just) == "5.6–10.0"
    assert interval_text(just, (Fraction(1, 10),)) == "5.610–9.996"


def test_a_series_is_printed_behind_its_last_line(figures) -> None:
    shown = figures(verdicts=calls((NEUTROPHILS, 3, False), (("band",), 1, False)))
    rows = shown.tables.confirmed.rows
    place = [row.name for row in rows].index("Neutrophil series")
    assert rows[place - 1].name == "Segmented neutrophils"
    assert rows[place].remark == "stage not given"


def test_megakaryocytes_stand_beside_the_count_and_have_no_percentage(figures) -> None:
    shown = figures(["MN", "GN"], calls((("megakaryocyte",), 2, 0)))
    for layer in (shown.tables.suggested, shown.tables.confirmed):
        assert [(r.name, r.percent) for r in layer.beside] == [("Megakaryocytes", "")]
    assert shown.tables.confirmed.total == 0


def test_progress_runs_towards_the_formal_count(figures) -> None:
    progress = figures(verdicts=calls((("blast",), 250, None))).tables.progress
    assert (progress.text, progress.fraction) == ("250 of 500", 0.5)
    beyond = figures(verdicts=calls((("blast",), 600, None))).tables.progress
    assert beyond.fraction == 1.0


def test_a_suggested_bar_names_its_denominator_and_the_share_without_grade_1(
    figures,
) -> None:
    bar = bar_of(figures(["GN"] * 9 + ["GD"] * 3), "granulocytic")
    assert bar.suggested is not None
    sentence = "suggested 25 % of GN + GD · without grade 1: 25 %"
    assert bar.suggested.sentence == sentence


def test_of_a_handful_of_suggested_cells_the_panel_gives_no_percentage_either(
    figures,
) -> None:
    shown = figures(["GN"] * 6 + ["GD"] * 3)
    bar = bar_of(shown, "granulocytic")
    assert bar.suggested is None
    assert bar.nothing == "suggested 3 of 9 of GN + GD, too few for a percentage"
    assert shown.blasts.suggested is None
    assert "0 of 9 nucleated cells, too few" in shown.blasts.nothing


def test_twenty_four_of_250_is_undecided_at_9_point_6_percent(figures) -> None:
    bar = bar_of(figures(verdicts=calls((("segmented",), 250, 24))), "granulocytic")
    assert bar.confirmed is not None
    assert (bar.confirmed.percent, bar.confirmed.word) == ("9.6 %", "undecided")
    assert bar.confirmed.settled


def test_too_few_cells_say_how_many_of_how_many_and_fill_no_bar(figures) -> None:
    bar = bar_of(figures(verdicts=calls((POLY, 12, 6))), "erythroid")
    assert bar.confirmed is not None
    assert bar.confirmed.word == "too few cells, 12 of 200"
    assert not bar.confirmed.settled


def test_granulocytes_confirmed_as_a_whole_still_need_their_kind(figures) -> None:
    whole = figures(verdicts=calls((GRANULOCYTIC, 7, False)))
    bar = bar_of(whole, "granulocytic")
    assert bar.confirmed is None
    assert bar.remark == "7 confirmed cells still need a kind"
    one = bar_of(figures(verdicts=calls((GRANULOCYTIC, 1, None))), "granulocytic")
    assert one.remark == "1 confirmed cell still needs a kind"


def test_cells_without_a_judgement_are_named(figures) -> None:
    bar = bar_of(figures(verdicts=calls((POLY, 2, None))), "erythroid")
    assert bar.remark == "2 confirmed cells not judged for dysplasia"


def test_blasts_say_what_is_observed_apart_from_what_their_interval_says(
    figures,
) -> None:
    verdicts = calls((("blast",), 24, None), (("lymphocyte",), 476, None))
    blasts = figures(verdicts=verdicts).blasts
    assert blasts.marks == (0.05, 0.1, 0.2)
    assert blasts.confirmed is not None
    assert blasts.confirmed.percent == "4.8 %"
    assert blasts.confirmed.guides == (
        "observed: below 5, 10 and 20 %",
        "interval: includes 5, excludes 10 and 20 %",
        "5 %: cannot be settled by counting",
    )


def test_four_cells_make_no_blast_percentage(figures) -> None:
    blasts = figures(verdicts=calls((("blast",), 1, None), (POLY, 3, 0))).blasts
    assert blasts.confirmed is not None
    assert blasts.confirmed.word == "too few cells, 4 of 300"


def test_the_ratio_prints_its_formula_and_never_divides_by_nothing(figures) -> None:
    ratio = figures(["GN", "GN", "EN"], calls((("segmented",), 3, 0))).ratio
    assert ratio.confirmed == NOT_CALCULABLE
    assert ratio.formula.endswith(": erythroblasts")
    assert ratio.suggested == "2.0 : 1"
    both = figures(verdicts=calls((("segmented",), 3, 0), (POLY, 2, 0))).ratio
    assert both.confirmed == "1.5 : 1"


def test_the_blast_bar_says_how_many_cells_without_a_stage_may_be_blasts(
    taxonomy: Taxonomy, criteria: Criteria
) -> None:
    verdicts = calls((("promonocyte", "monocyte"), 7, None), (("blast",), 93, None))
    wider = replace(criteria, blast_lines=("blast", "promonocyte"))
    for by, said in ((wider, "7 confirmed only as a wider series"), (criteria, "")):
        counts = count(None, verdicts, None, taxonomy, by)
        remark = figures_of(counts, taxonomy, by).blasts.remark
        assert remark.startswith(said)
        assert bool(remark) == bool(said)
