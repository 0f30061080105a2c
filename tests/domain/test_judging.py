"""Every band at its boundary, and what is unknown is never taken for no."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from copy import deepcopy
from fractions import Fraction

import pytest

from marrowscope.domain.call_tally import call_tally
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.dysplasia import confirmed_dysplasia
from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.judging import Answer, CaseJudged, JudgedCriterion, judge_case
from marrowscope.domain.review import Verdict
from marrowscope.domain.statistics import Share
from marrowscope.domain.systems import Systems
from marrowscope.domain.typed_facts import read_facts
from tests.conftest import ROOT

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
Judge = Callable[..., CaseJudged]


@pytest.fixture
def data() -> dict:
    path = ROOT / "resources" / "classification.toml"
    return tomllib.loads(path.read_text("utf-8"))


@pytest.fixture
def judge(criteria: Criteria, data: dict) -> Judge:
    def of(blasts: int, total: int = 1000, **words: str) -> CaseJudged:
        share = Share(blasts, total)
        return judge_case(
            share,
            confirmed_dysplasia({}, criteria),
            words,
            blasts_of_all=share,
            criteria=criteria,
            systems=Systems.of(data).systems,
        )

    return of


def bands(case: CaseJudged, system: str) -> dict[tuple[float, ...], Answer]:
    """By the ends of each marrow band that stands alone or first, its own answer."""
    chosen = next(s for s in case.systems if s.system.id == system)
    return {
        tuple(float(end) for end in part.condition.limits.ends): part.answer
        for criterion in chosen.criteria
        for part in criterion.parts[:1]
        if part.condition.of == "marrow_blasts"
    }


def met(case: CaseJudged, system: str) -> list[tuple[float, ...]]:
    return [ends for ends, said in bands(case, system).items() if said is MET]


@pytest.mark.parametrize(
    ("per_mille", "who", "icc", "ipss_r"),
    [
        (20, (5,), None, (2,)),
        (21, (5,), None, (2, 5)),
        (49, (5,), None, (2, 5)),
        (50, (5, 10), (5, 10), (5, 10)),
        (99, (5, 10), (5, 10), (5, 10)),
        (100, (10, 20), (10, 20), (5, 10)),  # exactly 10 %: IPSS-R is alone in this
        (101, (10, 20), (10, 20), (10,)),
        (199, (10, 20), (10, 20), (10,)),
        (200, (20,), (20,), (10,)),
    ],
)
def test_a_count_is_in_one_band_of_each_system_and_the_right_one(
    judge: Judge, per_mille: int, who: tuple, icc: tuple | None, ipss_r: tuple
) -> None:
    case = judge(per_mille)
    assert met(case, "who_2016") == [who]
    assert met(case, "who_2022") == [who]
    assert met(case, "icc_2022") == ([] if icc is None else [icc])
    assert met(case, "ipss_r") == [ipss_r]


@pytest.mark.parametrize(
    ("typed", "who_2022", "icc"),
    [
        ("1.9", [NOT_MET, NOT_MET], [NOT_MET, NOT_MET]),
        ("2", [MET, NOT_MET], [MET, NOT_MET]),
        ("4,9 %", [MET, NOT_MET], [MET, NOT_MET]),
        ("5", [NOT_MET, MET], [MET, NOT_MET]),
        ("9.9", [NOT_MET, MET], [MET, NOT_MET]),
        ("10", [NOT_MET, MET], [NOT_MET, MET]),
        ("19.9", [NOT_MET, MET], [NOT_MET, MET]),
        ("20", [NOT_MET, NOT_MET], [NOT_MET, NOT_MET]),
    ],
)
def test_blood_blasts_have_bands_of_their_own(
    judge: Judge, typed: str, who_2022: list[Answer], icc: list[Answer]
) -> None:
    case = judge(10, blood_blasts=typed)

    def answers(system: str) -> list[Answer]:
        chosen = next(s for s in case.systems if s.system.id == system)
        parts = [
            p for c in chosen.criteria if c.criterion.joined == "or" for p in c.parts
        ]
        return [p.answer for p in parts if p.condition.of == "blood_blasts"]

    assert answers("who_2022") == who_2022
    assert answers("icc_2022") == icc


def criterion(case: CaseJudged, system: str, of: str) -> list[JudgedCriterion]:
    chosen = next(s for s in case.systems if s.system.id == system)
    return [c for c in chosen.criteria if any(p.condition.of == of for p in c.parts)]


def test_auer_rods_are_not_looked_for_unless_the_reader_says_so(judge: Judge) -> None:
    silent, none, seen = (
        judge(10, blood_blasts="0", **words)
        for words in ({}, {"auer_rods": "looked for, none seen"}, {"auer_rods": "seen"})
    )
    answers = [
        criterion(c, "who_2022", "auer_rods")[0].answer for c in (silent, none, seen)
    ]
    assert answers == [CANNOT_TELL, NOT_MET, MET]
    assert silent.used["auer_rods"].unknown == "not looked for"


@pytest.mark.parametrize(
    ("words", "at_15", "unknown"),
    [
        ({}, CANNOT_TELL, "not assessed"),
        ({"ring_sideroblasts": "16 %"}, CANNOT_TELL, "cannot be read"),
        ({"ring_sideroblasts": "14 of 100"}, NOT_MET, ""),
        ({"ring_sideroblasts": "15 of 100"}, MET, ""),
        ({"ring_sideroblasts": "15/101"}, NOT_MET, ""),
        ({"ring_sideroblasts": "0 of 0"}, CANNOT_TELL, "cannot be read"),
    ],
)
def test_ring_sideroblasts_have_their_own_denominator_or_are_not_assessed(
    judge: Judge, words: Mapping[str, str], at_15: Answer, unknown: str
) -> None:
    case = judge(10, **words)
    assert criterion(case, "who_2016", "ring_sideroblasts")[0].answer is at_15
    assert case.used["ring_sideroblasts"].unknown == unknown


def test_too_few_cells_cannot_tell(judge: Judge) -> None:
    case = judge(29, 299)
    assert set(bands(case, "ipss_r").values()) == {CANNOT_TELL}
    assert case.used["marrow_blasts"].unknown == "299 of 300, too few cells"


def test_one_part_that_is_met_is_enough_for_or_and_one_not_met_against_and(
    judge: Judge,
) -> None:
    by_marrow = criterion(judge(70), "who_2022", "blood_blasts")
    assert [c.answer for c in by_marrow[:2]] == [NOT_MET, MET]
    unsure = criterion(judge(30), "who_2022", "blood_blasts")
    assert [c.answer for c in unsure[:2]] == [CANNOT_TELL, CANNOT_TELL]


def test_in_a_diluted_specimen_only_what_is_reached_can_be_said(judge: Judge) -> None:
    case = judge(120, dilution="suspected")
    assert bands(case, "ipss_r") == {
        (2,): NOT_MET,
        (2, 5): NOT_MET,
        (5, 10): NOT_MET,
        (10,): MET,
    }
    assert bands(case, "who_2016")[10, 20] is CANNOT_TELL
    assert bands(case, "who_2016")[20,] is CANNOT_TELL


def test_an_interval_over_a_limit_is_told_beside_the_answer(judge: Judge) -> None:
    part = next(
        c.parts[0]
        for c in criterion(judge(99), "ipss_r", "marrow_blasts")
        if c.answer is MET
    )
    assert part.open_ends == (10,)


def test_typed_numbers_are_exact() -> None:
    said = read_facts({"haemoglobin": "0,8", "sf3b1": "101", "platelets": "-3"})
    assert said["haemoglobin"].value == Fraction(4, 5)
    assert said["sf3b1"].value is None
    assert "cannot be read" in said["platelets"].problem


def test_every_threshold_names_its_source_and_whether_it_was_read_there(
    data: dict,
) -> None:
    systems = Systems.of(data).systems
    assert [s.id for s in systems] == ["who_2016", "who_2022", "icc_2022", "ipss_r"]
    for system in systems:
        for entry in system.criteria:
            assert entry.source.text
    # clinical.md: ICC was only seen restated, and IPSS-R on its own page.
    icc, ipss_r = systems[2], systems[3]
    assert not any(c.source.verified for c in icc.criteria[:3])
    assert all(c.source.verified for c in ipss_r.criteria)


@pytest.mark.parametrize(
    "change",
    [
        {"of": "liver"},
        {"of": "marrow_blasts", "over": 5},
        {"of": "marrow_blasts"},
        {"of": "auer_rods", "said": "absent"},
        {"of": "tp53", "at_least": 5},
    ],
)
def test_a_condition_that_means_nothing_is_refused(data: dict, change: dict) -> None:
    wrong = deepcopy(data)
    wrong["systems"][0]["criteria"][0] = {"any": [change], "source": "ipss_r"}
    with pytest.raises(UnusableSettings, match="classification"):
        Systems.of(wrong)


@pytest.mark.parametrize(
    ("system", "fact", "said", "ends"),
    [
        ("ipss_r", "haemoglobin", "10", (10,)),
        ("ipss_r", "haemoglobin", "9.9", (8, 10)),
        ("ipss_r", "haemoglobin", "8", (8, 10)),
        ("ipss_r", "haemoglobin", "7.9", (8,)),
        ("ipss_r", "platelets", "100", (100,)),
        ("ipss_r", "platelets", "99.9", (50, 100)),
        ("ipss_r", "platelets", "50", (50, 100)),
        ("ipss_r", "platelets", "49.9", (50,)),
        ("ipss_r", "neutrophils", "0.8", "at_least"),
        ("ipss_r", "neutrophils", "0.79", "below"),
    ],
)
def test_cytopenias_are_in_the_band_that_their_boundary_belongs_to(
    judge: Judge, system: str, fact: str, said: str, ends: tuple | str
) -> None:
    found = criterion(judge(10, **{fact: said}), system, fact)
    (only,) = [c.parts[0].condition.limits for c in found if c.answer is MET]
    if isinstance(ends, str):
        assert getattr(only, ends) is not None
    else:
        assert tuple(map(float, only.ends)) == ends


@pytest.mark.parametrize(
    ("system", "words", "answer"),
    [
        ("who_2016", {"ring_sideroblasts": "149 of 1000"}, NOT_MET),
        ("who_2016", {"ring_sideroblasts": "15 of 100"}, MET),
        ("who_2022", {"ring_sideroblasts": "149 of 1000"}, NOT_MET),
        ("who_2022", {"ring_sideroblasts": "15 of 100"}, MET),
        ("who_2022", {"sf3b1": "4.9"}, NOT_MET),
        ("who_2022", {"sf3b1": "5"}, MET),
        ("icc_2022", {"sf3b1": "9.9"}, NOT_MET),
        ("icc_2022", {"sf3b1": "10"}, MET),
    ],
)
def test_sideroblasts_and_genes_are_met_at_their_boundary_and_not_below(
    judge: Judge, system: str, words: dict[str, str], answer: Answer
) -> None:
    (fact,) = words
    found = criterion(judge(10, **words), system, fact)
    alone = [c.answer for c in found if len(c.parts) == 1]
    assert alone == [answer]


@pytest.mark.parametrize(
    ("dysplastic", "answer"), [(19, NOT_MET), (20, MET), (21, MET)]
)
def test_dysplasia_is_met_from_ten_percent_on(
    criteria: Criteria, data: dict, dysplastic: int, answer: Answer
) -> None:
    cells = [("polychromatic_erythroblast", n < dysplastic) for n in range(200)]
    cells += [("band", False)] * 200 + [("megakaryocyte", False)] * 30
    calls = call_tally(
        Verdict(number, (line,), said, "R", "2026-11-21")
        for number, (line, said) in enumerate(cells)
    )
    blasts = Share(10, 1000)
    case = judge_case(
        blasts,
        confirmed_dysplasia(calls, criteria),
        {},
        blasts_of_all=blasts,
        criteria=criteria,
        systems=Systems.of(data).systems,
    )
    for system in ("who_2016", "who_2022", "icc_2022"):
        (found,) = criterion(case, system, "erythroid_dysplasia")
        assert found.answer is answer
