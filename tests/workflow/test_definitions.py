"""A laboratory's definitions: its own file, counted by at once, and journaled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.domain.criteria import Denominator
from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.signing import MEANINGS
from marrowscope.workflow import places
from marrowscope.workflow.definitions import (
    change_definitions,
    definitions_in_force,
    formulas_in_force,
    restore_definitions,
)
from marrowscope.workflow.keying import keying
from marrowscope.workflow.opening import open_case
from marrowscope.workflow.reporting import report_content
from marrowscope.workflow.sign_off import amend, sign
from marrowscope.workflow.specimen import write_specimen


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's folder of its own, forgotten again afterwards."""
    monkeypatch.setenv("MARROWSCOPE_HOME", str(tmp_path / "home"))
    places.read_definitions_again()
    yield tmp_path
    places.read_definitions_again()


@pytest.fixture
def photo(home: Path) -> Path:
    assert cv2.imwrite(str(home / "photo.png"), np.full((60, 80, 3), 220, np.uint8))
    return home / "photo.png"


def journaled(photo: Path, home: Path) -> list[tuple[str, str]]:
    """From and to of every change of definitions, after opening the case again."""
    case = open_case([photo], case=home / "case.marrow")
    entries = case.file.journal()
    case.close()
    return [(e.was, e.became) for e in entries if e.what == "definitions"]


def test_a_changed_definition_is_counted_by_at_once_and_stands_in_the_journal(
    photo: Path, home: Path
) -> None:
    assert len(journaled(photo, home)) == 1
    own = replace(definitions_in_force(), blast_denominator=Denominator.NON_ERYTHROID)
    change_definitions(own)
    assert places.load_criteria().blast_denominator is Denominator.NON_ERYTHROID
    first, second = journaled(photo, home)
    assert first[0] == ""
    assert second[0] == first[1]
    assert second[1].endswith("erythroblasts left out")
    assert len(journaled(photo, home)) == 2
    restore_definitions()
    assert formulas_in_force()[2].words == "blasts : all nucleated cells counted"


def test_an_amendment_is_counted_by_the_definitions_of_now(
    photo: Path, home: Path
) -> None:
    with closing(open_case([photo], case=home / "case.marrow")) as case:
        number = case.file.last_keyed() - 1
        case.file.edit(keying(number, ["blast"], smear="S1", reader="A"))
        sign(case, name="AB", meaning=MEANINGS[0])
        own = replace(
            definitions_in_force(), blast_denominator=Denominator.NON_ERYTHROID
        )
        change_definitions(own)
        amend(case, reason="other definitions")
        assert "erythroblasts left out" in case.file.definitions()


def test_definitions_that_mean_nothing_are_not_kept(home: Path) -> None:
    wrong = replace(definitions_in_force(), blasts=())
    with pytest.raises(UnusableSettings):
        change_definitions(wrong)
    assert not places.definitions_file().exists()


def test_a_report_takes_the_facts_typed_into_its_case(photo: Path, home: Path) -> None:
    case = open_case([photo], case=home / "case.marrow")
    write_specimen(case, {"blood_blasts": "3 %", "auer_rods": "seen"}, reader="AB")
    content = report_content(case)
    case.close()
    said = {one.name: one.words for one in content.criteria.used}
    assert said["Blood blasts"] == "3 %"
    assert said["Auer rods"] == "seen"
    assert said["Marrow blasts"] == "no cell confirmed"
    assert [row.note for row in content.thresholds] == [
        "0 of 300, too few cells",
        "0 of 200, too few cells",
        "0 of 200, too few cells",
        "0 of 30, too few cells",
    ]
