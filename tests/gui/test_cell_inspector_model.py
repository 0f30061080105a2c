"""What the inspector says of a cell and which calls it offers, without a window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from marrowscope.domain.cells import Cell
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.cell_inspector.calls import (
    can_be_dysplastic,
    confirmations,
    judged_lines,
    kept_judgement,
    menu,
)
from marrowscope.gui.cell_inspector.model import (
    UNLIKE_MARK,
    CellReading,
    ClassShare,
    FeatureGrade,
    reading,
    worth_showing,
)
from marrowscope.gui.cell_inspector.saliency import saliency_layer
from tests.conftest import GRANULOCYTIC
from tests.gui.panel_cases import table_of

NEUTROPHILS = GRANULOCYTIC[:5]


@pytest.fixture
def cell(lee_vocabulary: ModelVocabulary):
    def of(class_id: str, *, grade: float = 2.0) -> Cell:
        return table_of(lee_vocabulary, [class_id], grade=grade).cell(0)

    return of


@pytest.fixture
def said(lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy):
    def of(
        cell: Cell,
        verdict: Verdict | None = None,
        mpp: float | None = 0.25,
        *,
        hidden: bool = False,
    ) -> CellReading:
        return reading(
            cell,
            verdict,
            features=lee_vocabulary.feature_ids,
            vocabulary=lee_vocabulary,
            taxonomy=taxonomy,
            mpp=mpp,
            hidden=hidden,
        )

    return of


def call(cell: Cell, lines: tuple[str, ...], dysplastic: bool | None) -> Verdict:
    return Verdict(cell.id, lines, dysplastic, "R", "2026-11-21T04:10:00")


def test_the_size_is_in_microns_or_says_uncalibrated(cell, said) -> None:
    assert said(cell("GN")).size == "12.0 × 11.0 µm"
    assert said(cell("GN"), mpp=None).size == "48 × 44 px, uncalibrated"


def test_classes_keep_their_places_and_the_first_is_marked(cell, said) -> None:
    order = [share.name for share in said(cell("GD")).classes]
    assert order == ["blast", "GN", "GD", "EN", "ED", "MN", "MD", "other"]
    assert [s.name for s in said(cell("GD")).classes if s.first] == ["GD"]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.004, "< 1 %"),
        (0.655, "66 %"),
        (0.996, "> 99 %"),
        (1.0, "100 %"),
    ],
)
def test_no_probability_is_rounded_to_certainty(share: float, words: str) -> None:
    assert ClassShare("GN", "granulocytic", share, first=True).percent == words


def test_classes_below_one_percent_are_only_counted() -> None:
    shares = tuple(
        ClassShare(name, "other", share, name == "a")
        for name, share in (("a", 0.985), ("b", 0.01), ("c", 0.005), ("d", 0.0))
    )
    shown, rest = worth_showing(shares)
    assert [s.name for s in shown] == ["a", "b"]
    assert rest == "2 others below 1 %"
    assert worth_showing(shown) == (shown, "")


def test_only_features_of_the_cells_own_lineage_are_shown(cell, said) -> None:
    assert [f.name for f in said(cell("ED")).features] == ["Nuclear budding"]
    assert said(cell("blast")).features == ()


@pytest.mark.parametrize(("grade", "pips"), [(-0.2, 0), (0.4, 0), (1.6, 2), (3.9, 3)])
def test_grades_become_pips_from_0_to_3(grade: float, pips: int) -> None:
    assert FeatureGrade("Budding", grade).pips == pips


def test_a_call_stands_beside_the_models_answer_and_never_over_it(cell, said) -> None:
    found = cell("GN")
    reviewed = said(found, call(found, ("monocyte",), None))
    assert reviewed.model_says == said(found).model_says == "GN"
    assert reviewed.verdict == "Monocytes"
    assert reviewed.relation == "differs from the model"


def test_of_a_cell_that_a_person_drew_the_model_has_said_nothing(
    cell, said, lee_vocabulary, taxonomy, criteria
) -> None:
    drawn = replace(cell("GN"), class_id="", drawn=True)
    told = said(drawn, call(drawn, ("myelocyte",), None))
    assert (told.score, told.detection, told.classes) == ("", "", ())
    assert told.relation == "missed by the model"
    assert confirmations(drawn, lee_vocabulary, taxonomy, criteria) == ()


def test_a_cell_read_blind_is_not_called_missed_by_a_model_that_is_hidden(
    cell, said
) -> None:
    veiled = cell("GN").veiled
    told = said(veiled, call(veiled, ("myelocyte",), None), hidden=True)
    assert told.relation == ""


def test_a_finer_call_of_the_same_kind_agrees(cell, said) -> None:
    found = cell("GN")
    assert (
        said(found, call(found, ("band",), False)).relation == "agrees with the model"
    )
    assert "dysplasia" in said(found, call(found, ("band",), True)).relation


def test_a_cut_cell_says_so(cell, said) -> None:
    assert said(cell("EN")).cut == ""
    assert "edge" in said(replace(cell("EN"), cut=True)).cut


def test_a_cell_unlike_the_training_is_marked(cell, said) -> None:
    assert said(replace(cell("EN"), strangeness=1.2)).unlike == UNLIKE_MARK
    assert said(replace(cell("EN"), strangeness=0.9)).unlike == ""
    assert said(cell("EN")).unlike == ""


def test_a_granulocyte_is_confirmed_as_neutrophil_series_first(
    cell, lee_vocabulary, taxonomy, criteria: Criteria
) -> None:
    offered = confirmations(cell("GN"), lee_vocabulary, taxonomy, criteria)
    assert offered[0].name == "Neutrophil series"
    assert offered[0].lines == NEUTROPHILS
    assert offered[0].dysplastic is False
    assert [c.name for c in offered[1:3]] == ["Eosinophils", "Basophils"]
    assert offered[-1].name == "Granulocytes and precursors, kind not given"


@pytest.mark.parametrize(
    ("class_id", "name", "dysplastic"),
    [
        ("ED", "Erythroblasts", True),
        ("MN", "Megakaryocytes", False),
        ("blast", "Blasts", None),
    ],
)
def test_other_classes_are_confirmed_as_they_are(
    cell, lee_vocabulary, taxonomy, criteria, class_id, name, dysplastic
) -> None:
    (only,) = confirmations(cell(class_id), lee_vocabulary, taxonomy, criteria)
    assert (only.name, only.dysplastic) == (name, dysplastic)


def test_the_menu_offers_every_line_and_series_once(taxonomy: Taxonomy) -> None:
    offered = [c.lines for section in menu(taxonomy) for c in section.calls]
    assert len(offered) == len(set(offered))
    single = {lines[0] for lines in offered if len(lines) == 1}
    assert single == {line.id for line in taxonomy.lines} - {"not_a_cell"}
    assert NEUTROPHILS in offered


def test_dysplasia_is_judged_inside_a_denominator_only(
    cell, lee_vocabulary, taxonomy, criteria
) -> None:
    assert can_be_dysplastic(NEUTROPHILS, criteria)
    assert not can_be_dysplastic(GRANULOCYTIC, criteria)

    def lines(class_id: str) -> tuple[str, ...]:
        return judged_lines(
            cell(class_id),
            None,
            vocabulary=lee_vocabulary,
            taxonomy=taxonomy,
            criteria=criteria,
        )

    assert lines("GN") == NEUTROPHILS
    assert lines("blast") == ()


def test_a_judgement_survives_a_finer_name_but_not_another_lineage(
    cell, criteria
) -> None:
    dysplastic = call(cell("GD"), NEUTROPHILS, True)
    assert kept_judgement(dysplastic, ("band",), criteria) is True
    assert kept_judgement(dysplastic, ("lymphocyte",), criteria) is None
    assert kept_judgement(None, ("band",), criteria) is None


def test_the_saliency_layer_is_densest_where_the_model_looked_most() -> None:
    looked = np.zeros((8, 8), np.uint8)
    looked[2, 5] = 200
    layer = saliency_layer(looked, 0.5)
    assert layer.shape == (8, 8, 4)
    assert layer[2, 5, 3] == 128
    assert layer[0, 0, 3] == 0
    assert not saliency_layer(np.full((8, 8), 90, np.uint8), 1.0)[..., 3].any()
