"""What a report says, and what it must never say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.judging import Answer
from marrowscope.domain.likeness import Likeness
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.report.content import compose
from marrowscope.report.notices import LEARNED_DYSPLASIA
from marrowscope.report.photos import groups_text
from marrowscope.report.sources import (
    ReportedPhotos,
    ReportedRegion,
    ReportSources,
)
from marrowscope.report.suggested import (
    NOT_SEPARATED,
    SuggestedBar,
    SuggestedLine,
    SuggestedPart,
)
from tests.conftest import ERYTHROID, GRANULOCYTIC
from tests.report.report_parts import (
    judged_calls,
    sources,
    verdicts,
    with_examples,
)

Counted = Callable[..., ReportSources]


def test_a_suggestion_has_no_room_for_an_interval_or_a_verdict() -> None:
    words = {f.name for kind in _SUGGESTED for f in fields(kind)}
    assert not {w for w in words if "interval" in w or "verdict" in w or "stand" in w}


_SUGGESTED = (SuggestedPart, SuggestedLine, SuggestedBar)


def test_lines_the_model_cannot_tell_are_never_zero(full: ReportSources) -> None:
    part = compose(full).suggested
    assert part is not None
    assert part.title == "Partial differential by lineage"
    mute = [line for line in part.lines if line.count is None]
    assert len(mute) == 18
    assert {line.note for line in mute} == {NOT_SEPARATED}
    assert {line.percent for line in mute} == {""}


def test_suggested_series_head_their_lines_in_maturation_order(
    full: ReportSources,
) -> None:
    part = compose(full).suggested
    assert part is not None
    heads = [(line.name, line.classes) for line in part.lines if line.classes]
    assert heads == [
        ("Blasts", ("blast",)),
        ("Granulocytes and precursors", ("GN", "GD")),
        ("Erythroblasts", ("EN", "ED")),
        ("Lymphocytes, monocytes, plasma cells and others", ("other",)),
    ]
    assert [line.name for line in part.lines][2:4] == ["Promyelocytes", "Myelocytes"]
    assert [line.name for line in part.outside] == ["Megakaryocytes"]


def test_a_suggestion_names_what_it_divides_by(full: ReportSources) -> None:
    part = compose(full).suggested
    assert part is not None
    words = [bar.words for bar in part.dysplasia]
    assert words == [
        "42 of 342 cells: 12 % of EN + ED",
        "58 of 578 cells: 10.0 % of GN + GD",
        "9 of 34 cells: 26 % of MN + MD",
    ]
    assert [bar.without_grade_1 for bar in part.dysplasia] == ["0", "10.0", "0"]


def test_confirmed_lines_come_in_maturation_order_with_their_series_first(
    full: ReportSources,
) -> None:
    names = [line.name for line in compose(full).confirmed.lines]
    assert names[:3] == [
        "Blasts",
        "Granulocytes and precursors, stage not given",
        "Promyelocytes",
    ]
    assert names[names.index("Monocytes") + 1] == "Erythroblasts, stage not given"
    assert names[-1] == "Unidentifiable cells"


def test_a_line_whose_cells_may_hide_in_a_series_prints_no_zero(
    counted: Counted,
) -> None:
    called = {ERYTHROID: (60, 0), ("proerythroblast",): (4, 0), ("band",): (36, 0)}
    part = compose(counted(called=called)).confirmed
    lines = {line.name: line for line in part.lines}
    assert lines["Basophilic erythroblasts"].note == "stage not given"
    assert lines["Basophilic erythroblasts"].percent == ""
    assert lines["Proerythroblasts"].percent == "≥ 4"
    assert lines["Proerythroblasts"].interval == ""
    assert lines["Erythroblasts, stage not given"].percent == "60"
    assert lines["Band forms"].interval == "27–46"
    assert lines["Lymphocytes"].percent == "0"


def test_cells_that_do_not_mature_have_a_type_and_no_stage_to_be_given(
    counted: Counted,
) -> None:
    monocytic, lymphoid = ("promonocyte", "monocyte"), ("lymphocyte", "plasma_cell")
    mixed = (*monocytic, *lymphoid)
    called = {lymphoid: (20, 0), mixed: (10, 0), monocytic: (20, 0)}
    lines = compose(counted(called=called)).confirmed.lines
    notes = {line.name: line.note for line in lines}
    assert "Lymphoid cells, type not given" in notes
    assert "Monocytic cells, stage not given" in notes
    assert [name for name in notes if " / " in name and "type not given" in name]
    assert notes["Lymphocytes"] == notes["Plasma cells"] == "type not given"
    assert notes["Promonocytes"] == "stage not given"


def test_a_verdict_needs_enough_cells_and_its_whole_interval(counted: Counted) -> None:
    def verdict(cells: int, dysplastic: int) -> str:
        called = {("polychromatic_erythroblast",): (cells, dysplastic)}
        erythroid, *_ = compose(counted(called=called)).confirmed.dysplasia
        return erythroid.verdicts[0]

    assert verdict(199, 0) == "too few cells to assess (199 of 200)"
    assert verdict(200, 4) == "below 10 %"
    assert verdict(200, 18) == "undecided: the interval includes 10 %"
    assert verdict(200, 60) == "at or above 10 %"


def test_rounding_never_moves_a_share_over_the_line(counted: Counted) -> None:
    called = {("polychromatic_erythroblast",): (1001, 100)}
    erythroid, *_ = compose(counted(called=called)).confirmed.dysplasia
    assert erythroid.percent == "9.99"
    assert erythroid.verdicts == ("undecided: the interval includes 10 %",)


def test_cells_called_wider_than_a_denominator_are_left_out_and_said(
    counted: Counted,
) -> None:
    called = {GRANULOCYTIC: (12, 3), ("segmented",): (200, 2)}
    _, granulocytic, _ = compose(counted(called=called)).confirmed.dysplasia
    assert granulocytic.share.total == 200
    assert granulocytic.remarks == (
        "12 confirmed only as a wider series, so not in this denominator",
    )


def test_blasts_stand_against_three_marks(counted: Counted) -> None:
    called = {("blast",): (60, 0), ("band",): (440, 0)}
    blasts = compose(counted(called=called)).confirmed.blasts
    assert blasts.words == "60 of 500 cells: 12 % of all nucleated cells counted"
    assert blasts.verdicts == ("5 %: at or above", "10 %: undecided", "20 %: below")


def test_the_ratio_is_printed_with_its_formula_or_not_at_all(counted: Counted) -> None:
    part = compose(counted(called={("band",): (30, 0), ERYTHROID: (10, 0)})).confirmed
    assert part.ratio == "3.0 : 1"
    assert part.formula.endswith("blasts left out) : erythroblasts")
    assert compose(counted(called={("band",): (9, 0)})).confirmed.ratio == (
        "not calculable"
    )


def test_nothing_confirmed_prints_no_number(
    full: ReportSources, counted: Counted
) -> None:
    part = compose(counted(found={"EN": 9})).confirmed
    assert {(x.count, x.percent, x.interval) for x in part.lines} == {("", "", "")}
    assert part.blasts.verdicts == ("no cell confirmed yet",)


def test_an_empty_case_says_so(empty: ReportSources) -> None:
    content = compose(empty)
    assert content.suggested is None
    assert content.notices == (
        "No slide has been read yet, so there are no suggestions.",
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({}, "No marrow cells were found"),
        ({"other": 500}, "No marrow cells were found"),
        ({"EN": 20, "other": 10}, "Only 30 nucleated cells were found"),
        ({"other": 1}, "Only 1 nucleated cell was found: a small part of a smear"),
    ],
)
def test_a_slide_that_is_no_marrow_is_said_plainly(
    counted: Counted, found: dict[str, int], said: str
) -> None:
    first, *_ = compose(counted(found=found)).notices
    assert first.startswith(said)


def test_regions_without_a_cell_do_not_make_a_smear_something_else(
    full: ReportSources, counted: Counted
) -> None:
    empty = ReportedRegion("Region 1", included=True, area_mm2=0.1, cells=0)
    read = replace(full.slides[0], cells=0, regions=(empty,))
    first, *_ = compose(replace(counted(found={}), slides=(read,))).notices
    assert first == "No cell lies in the regions that are counted."


def test_a_photo_of_few_marrow_cells_is_not_called_something_else(
    counted: Counted,
) -> None:
    # A photo of lymphocytes and plasma cells is a marrow's photo all the same.
    said = " ".join(compose(counted(found={"other": 20, "EN": 4})).notices)
    assert "may not be" not in said
    assert "a small part of a smear" in said


def test_a_share_of_a_handful_of_cells_is_no_percentage(counted: Counted) -> None:
    part = compose(counted(found={"GD": 1, "EN": 9, "ED": 1})).suggested
    assert part is not None
    bars = {bar.lineage: bar for bar in part.dysplasia}
    assert bars["granulocytic"].words == (
        "1 of 1 cells of GN + GD, too few for a percentage"
    )
    assert bars["granulocytic"].value is None
    assert bars["erythroid"].words == "1 of 10 cells: 10.0 % of EN + ED"


def test_what_the_card_says_is_not_said_again(full: ReportSources) -> None:
    card = "Dysplasia was learned from drawn or edited cells, and never tried on real."
    assert compose(replace(full, card=(card, card))).card == (card,)
    assert compose(replace(full, card=(card,))).statements == ()
    assert compose(replace(full, card=())).statements == (LEARNED_DYSPLASIA,)


def test_a_good_reading_needs_no_notice(
    with_slides: Callable[..., ReportSources],
) -> None:
    assert compose(with_slides(fields_failed=0, fields_read=64)).notices == ()


def test_a_slide_stained_unlike_the_training_is_named(
    with_slides: Callable[..., ReportSources],
) -> None:
    sources = with_slides(fields_failed=0, fields_read=64, likeness=Likeness(200, 60))
    first, *_ = sources.slides
    like = replace(first, number=2, name="usual.svs", likeness=Likeness(200, 1))
    content = compose(replace(sources, slides=(first, like)))
    (said,) = content.notices
    assert said.startswith(f"{first.name}: stain unlike the training images.")
    assert "30 % look unlike" in said
    assert [("unlike" in line.reading) for line in content.slides] == [True, False]


def test_a_slide_unlike_all_training_may_be_no_marrow(
    with_slides: Callable[..., ReportSources],
) -> None:
    sources = with_slides(fields_failed=0, fields_read=64, likeness=Likeness(200, 160))
    (said,) = compose(sources).notices
    assert "This may not be a smear of bone marrow" in said


def test_scale_trouble_is_said_near_the_top(
    with_slides: Callable[..., ReportSources],
) -> None:
    whole = {"fields_failed": 0, "fields_read": 64}
    (bare,) = compose(with_slides(mpp=None, **whole)).notices
    assert bare == "smear 1.svs is uncalibrated. Nobody has given the scale yet."
    (taken,) = compose(
        with_slides(mpp=None, working_mpp=0.25, working_certainty="assumed", **whole)
    ).notices
    assert "taken to be 0.25 µm per pixel (assumed)" in taken
    (since,) = compose(with_slides(mpp=0.23, working_mpp=0.25, **whole)).notices
    assert since.endswith("its scale is now 0.23 µm per pixel: read it again.")


def test_a_hundred_photos_share_their_notices(full: ReportSources) -> None:
    photo = full.slides[1]
    photos = tuple(replace(photo, number=i, name=f"p{i}.png") for i in range(100))
    content = compose(replace(full, slides=photos))
    assert len(content.notices) == 3
    assert content.notices[0].startswith("p0.png, p1.png, p2.png and 97 more are uncal")
    assert len(content.slides) == 100


def test_the_device_that_worked_and_the_one_asked_for_are_both_named(
    full: ReportSources,
) -> None:
    (model,) = compose(full).models
    assert model.device == "cpu, fp32 (asked for: cuda)"
    assert model.sha256 == "0123456789abcdef" * 4


def test_runs_of_one_model_are_named_once(full: ReportSources) -> None:
    (run,) = full.runs
    later = replace(run, started="2026-11-21T04:20:00+00:00", finished=None)
    (model,) = compose(replace(full, runs=(run, later))).models
    assert model.read == "21 November 2026, 04:10 UTC to 21 November 2026, 04:20 UTC"


def test_examples_of_the_two_layers_never_share_a_group(full: ReportSources) -> None:
    examples = with_examples(full).examples
    twice = replace(examples[0], confirmed=True)
    groups = compose(replace(full, examples=(*examples, twice))).examples
    assert [(g.name, g.confirmed) for g in groups] == [
        ("Segmented neutrophils", True),
        ("Erythroblast (EN)", True),
        ("Erythroblast (EN)", False),
        ("Blast (blast)", False),
    ]


def test_specimen_fields_keep_the_order_of_the_form_and_stay_the_doctors(
    full: ReportSources,
) -> None:
    content = compose(full)
    filled = [f.id for f in (*content.head, *content.details) if f.value]
    assert filled == ["patient", "site", "ease"]
    assert content.described[2].value.startswith("particles normocellular")
    assert all(not field.value for field in content.findings)


def test_grey_and_odd_pictures_are_taken_as_they_are(full: ReportSources) -> None:
    wide = np.zeros((3, 500, 3), np.uint8)
    example = replace(with_examples(full).examples[0], picture=wide)
    (group,) = compose(replace(full, examples=(example,))).examples
    assert group.pictures[0].startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (((1,), (2,)), "None of the 2 photos overlap."),
        (((1, 2),), "The two photos overlap."),
        (((1, 2, 3, 4),), "All 4 photos overlap."),
        (((1, 2), (3, 4)), "All 4 photos overlap in 2 groups."),
        (((1, 2), (3,)), "2 of the 3 photos overlap; the other one stands alone."),
        (((1, 2), (3,), (4,)), "2 of the 4 photos overlap; the other 2 stand alone."),
    ],
)
def test_how_photos_lie_is_said_as_a_person_would(
    groups: tuple[tuple[int, ...], ...], said: str
) -> None:
    assert groups_text(ReportedPhotos(groups)) == said


def test_a_share_is_never_printed_onto_a_limit_of_any_system(counted: Counted) -> None:
    near = compose(counted(called={("blast",): (199, 0), ("lymphocyte",): (9801, 0)}))
    row = next(r for r in near.criteria.systems[3].rows if r.answer is Answer.MET)
    assert (row.text, row.used) == ("Marrow blasts ≤ 2 %", "1.99\u00a0%")


def test_dilution_is_said_and_nothing_is_below_anything(
    full: ReportSources, taxonomy: Taxonomy, criteria: Criteria
) -> None:
    judged = judged_calls(verdicts(), taxonomy, criteria, {"dilution": "yes"})
    content = compose(replace(full, judged=judged))
    assert "blasts may be underestimated" in content.notices[0]
    assert not any(row.observed.startswith("below") for row in content.thresholds)
    assert sum("cannot tell" in row.note for row in content.thresholds) == 3


def test_a_report_says_which_count_it_shows(full: ReportSources) -> None:
    drawn = compose(full).confirmed.count
    assert drawn.basis.startswith("Formal count, not read to its end: 519 of 525 cells")
    assert "Drawn on top, to judge dysplasia by" in drawn.notes[-1]
    assert drawn.apart == (("Smudged nuclei", "5"),)
    chosen = compose(replace(full, formal=None)).confirmed.count
    assert chosen.basis.startswith("519 cells confirmed, not drawn at random")
    assert (chosen.notes, chosen.smears) == ((), None)


def test_the_ledger_names_its_lines_as_the_first_page_does(full: ReportSources) -> None:
    content = compose(full)
    part = content.confirmed
    bars = [part.blasts.name, *(bar.name for bar in part.dysplasia)]
    assert [row.name for row in content.thresholds if row.name] == bars


def test_blasts_say_how_many_cells_without_their_stage_may_be_among_them(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy, criteria: Criteria
) -> None:
    monocytic = ("promonocyte", "monocyte")
    calls = verdicts({("blast",): (30, 0), monocytic: (7, 0), ("segmented",): (470, 0)})
    said = "7 confirmed only as a wider series, stage not given: blasts may be among"
    for promonocytes in (True, False):
        lines = ("blast", "promonocyte") if promonocytes else ("blast",)
        content = compose(
            sources(
                lee_vocabulary,
                *(taxonomy, replace(criteria, blast_lines=lines)),
                calls=calls,
                table=None,
            )
        )
        notes = [row.note for row in content.thresholds[:4]]
        assert notes[3].startswith(said) == promonocytes
        assert any(said in r for r in content.confirmed.blasts.remarks) == promonocytes
