"""A laboratory's own definitions: what they change, and what they may not say."""

from __future__ import annotations

import tomllib

import pytest

from marrowscope.domain.call_tally import call_tally
from marrowscope.domain.criteria import Criteria, Denominator
from marrowscope.domain.definitions import Definitions, definitions_text
from marrowscope.domain.differential import (
    confirmed_differential,
    confirmed_ratio,
    confirmed_share,
)
from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.review import Verdict
from marrowscope.domain.statistics import Share
from marrowscope.domain.taxonomy import Taxonomy

CALLS = {"blast": 10, "promonocyte": 5, "band": 35, "proerythroblast": 50}


def calls() -> list[Verdict]:
    lines = [line for line, cells in CALLS.items() for _ in range(cells)]
    return [Verdict(i, (line,), None, "AB", "now") for i, line in enumerate(lines)]


def test_one_entry_changes_the_count_and_its_formula_and_nothing_else(
    taxonomy: Taxonomy, criteria: Criteria
) -> None:
    data = {
        "blasts": {"denominator": "non_erythroid", "lines": ["promonocyte", "blast"]}
    }
    standard = Definitions.of(taxonomy, criteria)
    own = standard.changed_by(data, taxonomy)
    counted, changed = own.applied(taxonomy, criteria)
    assert counted == taxonomy
    assert changed.myeloid_erythroid == criteria.myeloid_erythroid
    share = confirmed_share(
        call_tally(calls()), changed.blast_lines, counted, of=changed.blast_denominator
    )
    assert share == Share(15, 50)
    assert own.formulas(counted, changed)[2].words == (
        "(blasts + promonocytes) : nucleated cells counted, erythroblasts left out"
    )


def test_members_of_the_differential_and_of_the_ratio_are_counted_as_said(
    taxonomy: Taxonomy, criteria: Criteria
) -> None:
    counted = [x.id for x in taxonomy.lines if x.counted and x.id != "blast"]
    own = Definitions.of(taxonomy, criteria).changed_by(
        {
            "differential": {"lines": counted},
            "myeloid_erythroid": {"numerator": ["blast", "band"]},
        },
        taxonomy,
    )
    lines, changed = own.applied(taxonomy, criteria)
    assert confirmed_differential(call_tally(calls()), lines).total == 90
    ratio = confirmed_ratio(call_tally(calls()), changed.myeloid_erythroid)
    assert (ratio.numerator, ratio.denominator) == (45, 50)
    assert ratio.formula == "(blasts + band forms) : erythroblasts"
    assert "beside it: blasts, megakaryocytes" in own.formulas(lines, changed)[0].words


def test_what_is_written_is_read_back_the_same(
    taxonomy: Taxonomy, criteria: Criteria
) -> None:
    standard = Definitions.of(taxonomy, criteria)
    own = standard.changed_by({"blasts": {"denominator": "non_erythroid"}}, taxonomy)
    assert own.blast_denominator is Denominator.NON_ERYTHROID
    data = tomllib.loads(definitions_text(own))
    assert standard.changed_by(data, taxonomy) == own


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"blasts": {"lines": ["blasst"]}}, "does not know 'blasst'"),
        ({"blasts": {"lines": []}}, "leaves a list empty"),
        ({"blasts": {"denominator": "most"}}, "most"),
        ({"blasts": {"marks": [5]}}, "blasts.marks"),
        ({"blasts": 5}, "does not know"),
        ({"differential": {"lines": ["blast", "red_cell"]}}, "no nucleated cell"),
        ({"myeloid_erythroid": {"denominator": ["band"]}}, "both sides of M:E"),
    ],
)
def test_definitions_that_cannot_be_counted_by_are_refused(
    taxonomy: Taxonomy, criteria: Criteria, data: dict, said: str
) -> None:
    with pytest.raises(UnusableSettings, match=said):
        Definitions.of(taxonomy, criteria).changed_by(data, taxonomy)
