"""Two marrows of one patient: what counting error explains, and what may be said."""

from __future__ import annotations

from dataclasses import replace

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from marrowscope.domain.exact_tests import fisher_exact, holm_adjusted
from marrowscope.domain.serial import Change, Marrow, Part, SerialLine, compare
from marrowscope.domain.statistics import Share
from marrowscope.workflow import places
from tests.domain.marrows import SERIES, marrow

shares = st.integers(1, 800).flatmap(
    lambda total: st.builds(Share, st.integers(0, total), st.just(total))
)
READ = {"blast": 20, "segmented": 280, "polychromatic_erythroblast": 200}


def lines_of(then: Marrow, now: Marrow) -> dict[str, SerialLine]:
    found = compare(then, now, places.load_taxonomy(), places.load_criteria())
    return {line.key or line.part.value: line for line in found}


@given(shares, shares)
def test_the_chance_of_a_difference_is_scipys_exact_one(one: Share, other: Share):
    table = [[s.count, s.total - s.count] for s in (one, other)]
    assert fisher_exact(one, other) == pytest.approx(
        scipy.stats.fisher_exact(table)[1], rel=1e-6, abs=1e-12
    )
    assert fisher_exact(one, other) == pytest.approx(fisher_exact(other, one))


def test_the_lady_who_tasted_tea_is_told_as_fisher_told_it() -> None:
    assert fisher_exact(Share(3, 4), Share(1, 4)) == pytest.approx(34 / 70)
    assert fisher_exact(Share(4, 4), Share(0, 4)) == pytest.approx(2 / 70)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_accepts_what_its_stepwise_procedure_accepts(chances: list[float]):
    adjusted = holm_adjusted(chances)
    assert all(a >= p for a, p in zip(adjusted, chances, strict=True))
    ordered = sorted(range(len(chances)), key=lambda i: chances[i])
    passed = set[int]()
    for rank, index in enumerate(ordered):
        if (len(chances) - rank) * chances[index] >= 0.05:
            break
        passed.add(index)
    assert {i for i, a in enumerate(adjusted) if a < 0.05} == passed


def test_marrows_counted_alike_differ_in_no_line() -> None:
    lines = lines_of(marrow(READ), marrow(READ))
    tested = [line for line in lines.values() if line.p is not None]
    assert len(tested) == 4  # blasts, M:E, segmented, polychromatic
    assert {(line.p, line.change) for line in tested} == {(1.0, Change.WITHIN)}
    assert not any(line.seen for line in lines.values() if line.p is None)


def test_a_rise_beyond_counting_error_is_told_and_a_small_one_is_not() -> None:
    more = {**READ, "blast": 60, "segmented": 240}
    some = {**READ, "blast": 25, "segmented": 275}
    assert lines_of(marrow(READ), marrow(more))["blast"].change is Change.BEYOND
    line = lines_of(marrow(READ), marrow(some))["blast"]
    assert line.change is Change.WITHIN
    assert line.points == pytest.approx(1.0)


def test_one_line_of_many_may_differ_by_chance() -> None:
    now = {**READ, "blast": 36, "segmented": 264}
    line = lines_of(marrow(READ), marrow(now))["blast"]
    assert line.p is not None
    assert line.adjusted is not None
    assert line.p < 0.05 <= line.adjusted
    assert line.change is Change.ONE_OF_MANY


@pytest.mark.parametrize("dilution", ["suspected", "yes"])
def test_in_a_diluted_marrow_no_difference_is_beyond_doubt(dilution: str) -> None:
    less = marrow({**READ, "blast": 0, "segmented": 300}, dilution=dilution)
    assert lines_of(marrow(READ), less)["blast"].change is Change.DILUTED
    assert lines_of(less, marrow(READ))["blast"].change is Change.DILUTED


def test_on_a_pale_stain_dysplasia_of_granulocytes_is_not_compared() -> None:
    pale, well = marrow(READ, dysplastic=20, stain="pale"), marrow(READ, dysplastic=70)
    for lines in (lines_of(pale, well), lines_of(well, pale)):
        line = lines["granulocytic"]
        assert (line.change, line.p) == (Change.PALE, None)
        assert lines["blast"].change is Change.WITHIN
    few = marrow({"segmented": 150, "blast": 200}, dysplastic=140)
    assert lines_of(pale, few)["granulocytic"].change is Change.TOO_FEW


def test_too_few_cells_are_not_tested_and_not_one_of_many() -> None:
    few = marrow({"blast": 1, "segmented": 150}, dysplastic=140)
    lines = lines_of(marrow(READ), few)
    assert lines["blast"].change is Change.TOO_FEW
    assert lines["granulocytic"].change is Change.TOO_FEW
    assert all(line.p is None for line in lines.values())


def test_dysplasia_is_compared_among_the_cells_judged() -> None:
    line = lines_of(marrow(READ, dysplastic=20), marrow(READ, dysplastic=70))
    found = line["granulocytic"]
    assert (found.part, found.then, found.now) == (
        *(Part.DYSPLASIA, Share(20, 280)),
        Share(70, 280),
    )
    assert found.change is Change.BEYOND


def test_a_stage_that_may_hide_in_a_series_is_not_compared_its_series_is() -> None:
    then = marrow({**READ, "myelocyte": 60})
    now = marrow({**READ, "myelocyte": 10, SERIES: 50})
    lines = lines_of(then, now)
    assert lines["myelocyte"].change is Change.NO_STAGE
    assert lines["myelocyte"].p is None
    assert (lines[SERIES].then, lines[SERIES].now) == (Share(60, 560),) * 2
    assert lines[SERIES].change is Change.WITHIN


def test_blasts_are_not_compared_where_they_may_hide_in_a_series() -> None:
    taxonomy, criteria = places.load_taxonomy(), places.load_criteria()
    wider = replace(criteria, blast_lines=("blast", "promonocyte"))
    staged, series = marrow(READ), {**READ, "blast": 80, "promonocyte/monocyte": 1}
    for by, change in ((wider, Change.NO_STAGE), (criteria, Change.BEYOND)):
        for then, now in ((staged, marrow(series)), (marrow(series), staged)):
            blasts = compare(then, now, taxonomy, by)[0]
            assert (blasts.part, blasts.change) == (Part.BLASTS, change)


def test_nothing_is_tested_twice() -> None:
    found = compare(
        marrow(READ), marrow(READ), places.load_taxonomy(), places.load_criteria()
    )
    assert [x.part for x in found if x.key == "blast"] == [Part.BLASTS]
