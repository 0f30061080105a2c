"""Two marrows in words: what a haematologist reads beside the numbers."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from marrowscope.domain.serial import Comparison, CountRead, Marrow, Part, compare
from marrowscope.report.pictures import jpeg, pixels
from marrowscope.report.serial import SerialPart, serial_part
from marrowscope.report.serial_cells import SIDE_UM, side_um
from marrowscope.report.serial_doubts import doubts
from marrowscope.store.marrow_text import from_text, to_text
from marrowscope.workflow import places
from tests.domain.marrows import marrow

READ = {"blast": 20, "segmented": 280, "polychromatic_erythroblast": 200}
DATED = {"aspirated": "2026-11-19"}
NAMED = {**DATED, "patient": "A. Roe", "patient_number": "117"}
SURE = replace(marrow(READ), words=NAMED, formal=CountRead(500, 500), models=("m",))
THEN = replace(SURE, words={**NAMED, "aspirated": "2026-03-02"})
CASES: dict[str, tuple[Marrow, str]] = {
    "patient": (
        replace(SURE, words={**NAMED, "patient": "B. Doe"}),
        "The patients are called differently: “A. Roe” then, “B. Doe” now.",
    ),
    "number": (
        replace(SURE, words={**NAMED, "patient_number": "118"}),
        "The patients have different numbers: “117” then, “118” now.",
    ),
    "no date": (
        replace(SURE, words={**NAMED, "aspirated": ""}),
        "The date of aspiration of the present marrow is not given",
    ),
    "order": (
        replace(SURE, words={**NAMED, "aspirated": "2026-01-31"}),
        "The marrow called earlier was aspirated after this one.",
    ),
    "same day": (
        replace(SURE, words={**NAMED, "aspirated": "2026-03-02"}),
        "Both marrows were aspirated on 2 March 2026.",
    ),
    "no name": (replace(SURE, words=DATED), "Not both cases name their patient"),
    "dilution": (
        replace(SURE, words={**NAMED, "patient": "a. roe", "dilution": "suspected"}),
        "The present marrow may be diluted with blood: blasts may be underestimated",
    ),
    "stain": (
        replace(SURE, words={**NAMED, "stain": "pale"}),
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
    (told,) = doubts(THEN, now)
    assert said in told
    assert not list(doubts(THEN, SURE))


def test_the_same_slide_is_no_second_marrow() -> None:
    one, two = (replace(x, slides={"abc": "smear 1"}) for x in (THEN, SURE))
    assert "Both cases hold smear 1" in next(doubts(one, two))


def test_other_definitions_then_are_named() -> None:
    then = replace(THEN, definitions="Blasts: a")
    now = replace(SURE, definitions="Blasts: b")
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


def test_both_dates_and_what_lies_between_are_told() -> None:
    part = part_of(THEN, SURE)
    assert part.then.startswith("M, aspirated 2 March 2026, formal count")
    assert part.now.startswith("M, aspirated 19 November 2026 (262 days later),")


def test_a_ratio_that_is_not_calculable_is_not_compared() -> None:
    for then, now, when in (
        ({"segmented": 300}, {"segmented": 300}, "either time"),
        ({"segmented": 300}, READ, "then"),
        (READ, {"segmented": 300}, "now"),
    ):
        part = part_of(marrow(then), marrow(now))
        (row,) = [r for r in part.rows if r.part is Part.RATIO]
        assert row.verdict == f"cannot be compared: not calculable {when}"
        assert row.chance == ""


def test_cells_of_a_line_that_differs_stand_side_by_side_and_are_kept() -> None:
    grey = np.full((96, 96, 3), 200, np.uint8)
    then = replace(THEN, pictures={"blasts blast": (jpeg(grey), jpeg(grey))})
    kept = from_text(to_text(then))
    assert kept.pictures == then.pictures
    assert np.abs(pixels(kept.pictures["blasts blast"][0]).astype(int) - 200).max() < 4
    taxonomy, criteria = places.load_taxonomy(), places.load_criteria()
    now = marrow({**READ, "blast": 90, "segmented": 210})
    found = Comparison(kept, now, compare(kept, now, taxonomy, criteria))
    cells = {"blasts blast": (grey,), "differential lymphocyte": (grey,)}
    (shown,) = serial_part(found, taxonomy, criteria, cells=cells).cells
    assert (shown.name, shown.width) == ("Blasts", "25.6 µm")
    assert (len(shown.then), len(shown.now)) == (2, 1)


def test_megakaryocytes_have_wider_pictures_than_other_cells() -> None:
    taxonomy = places.load_taxonomy()
    giants = marrow({"megakaryocyte": 60, "segmented": 240})
    lines = compare(giants, giants, taxonomy, places.load_criteria())
    wide = {line.key for line in lines if side_um(line, taxonomy) > SIDE_UM}
    assert wide == {"megakaryocytic"}


def test_a_marrow_kept_before_pictures_were_is_read_as_it_is() -> None:
    old = json.loads(to_text(THEN))
    del old["pictures"]
    assert from_text(json.dumps(old)) == THEN
