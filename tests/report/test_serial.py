"""Two marrows in words: what a haematologist reads beside the numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marrowscope.domain.serial import Comparison, CountRead, Marrow, Part, compare
from marrowscope.report.serial import SerialPart, serial_part
from marrowscope.report.serial_doubts import doubts
from marrowscope.workflow import places
from tests.domain.marrows import marrow

READ = {"blast": 20, "segmented": 280, "polychromatic_erythroblast": 200}
SURE = replace(
    marrow(READ), words={"patient": "A. Roe"}, formal=CountRead(500, 500), models=("m",)
)
CASES: dict[str, tuple[Marrow, str]] = {
    "patient": (
        replace(SURE, words={"patient": "B. Doe"}),
        "The patients are called differently: “A. Roe” then, “B. Doe” now.",
    ),
    "no name": (replace(SURE, words={}), "Not both cases name their patient"),
    "dilution": (
        replace(SURE, words={"patient": "a. roe", "dilution": "suspected"}),
        "The present marrow may be diluted with blood: blasts may be underestimated",
    ),
    "stain": (
        replace(SURE, words={"patient": "A. Roe", "stain": "pale"}),
        "The present marrow is stained pale",
    ),
    "chosen cells": (replace(SURE, formal=None), "not drawn at random"),
    "half read": (
        replace(SURE, formal=CountRead(120, 500)),
        "not read to its end: 120 of 500 cells",
    ),
    "model": (replace(SURE, models=("n",)), "other models: m then, n now"),
}


def part_of(then: Marrow, now: Marrow) -> SerialPart:
    taxonomy, criteria = places.load_taxonomy(), places.load_criteria()
    found = Comparison(then, now, compare(then, now, taxonomy, criteria))
    return serial_part(found, taxonomy, criteria)


@pytest.mark.parametrize("case", CASES)
def test_every_doubt_is_named_and_nothing_else(case: str) -> None:
    now, said = CASES[case]
    (told,) = doubts(SURE, now)
    assert said in told
    assert not list(doubts(SURE, SURE))


def test_the_same_slide_is_no_second_marrow() -> None:
    one = replace(SURE, slides={"abc": "smear 1"})
    assert "Both cases hold smear 1" in next(doubts(one, one))


def test_other_definitions_then_are_named() -> None:
    then, now = (replace(SURE, definitions=x) for x in ("Blasts: a", "Blasts: b"))
    assert next(doubts(then, now)).endswith("Then: Blasts: a.")


def test_rounding_never_carries_a_chance_across_what_decides() -> None:
    now = marrow({**READ, "blast": 33, "segmented": 267})
    line = compare(marrow(READ), now, places.load_taxonomy(), places.load_criteria())[0]
    near = replace(line, p=0.0499999, adjusted=0.05)
    found = Comparison(SURE, SURE, (near,))
    row = serial_part(found, places.load_taxonomy(), places.load_criteria()).rows[0]
    assert row.chance == "p 0.0499999, adjusted 0.05"


def test_a_short_line_says_how_many_cells_are_missing_and_no_more() -> None:
    part = part_of(marrow(READ), marrow({"blast": 10, "segmented": 190}))
    row = part.rows[0]
    assert row.verdict == "too few cells: 200 of 300 now"
    assert row.chance == ""


def test_the_ratio_is_told_as_a_ratio_and_absent_lines_in_a_sentence() -> None:
    part = part_of(marrow(READ), marrow(READ))
    (row,) = [r for r in part.rows if r.part is Part.RATIO]
    assert row.then.counts == "280 : 200"
    assert row.then.words == "1.4 : 1 (1.2–1.7)"
    assert part.none.startswith("No cell in either marrow: promyelocytes,")
    assert {r.key for r in part.rows if r.part is Part.DIFFERENTIAL} == {
        *("segmented", "polychromatic_erythroblast")
    }
