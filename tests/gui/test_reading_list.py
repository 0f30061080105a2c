"""Cells read one after another, on a case that was really read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from marrowscope.gui.session import CaseSession
from tests.gui.conftest import opened, read_through

pytestmark = pytest.mark.usefixtures("blob_reader")


@pytest.fixture
def read(qtbot: QtBot, session: CaseSession, smear: Path) -> list[int]:
    """Cells of a smear that was read, the last one first."""
    opened(qtbot, session, smear)
    table = read_through(qtbot, session).table
    assert table is not None
    return table.id[::-1].tolist()


def looked_at(session: CaseSession) -> int | None:
    return session.selected.id if session.selected else None


def test_the_next_cell_is_the_next_of_the_list(
    session: CaseSession, read: list[int]
) -> None:
    session.reading.begin("Formal count", read)
    session.select_next()
    assert looked_at(session) == read[1]
    session.select_next(-1)
    session.select_next(-1)
    assert looked_at(session) == read[-1]


def test_reading_goes_on_with_a_cell_that_nobody_has_called(
    session: CaseSession, read: list[int]
) -> None:
    session.reading.begin("Formal count", read)
    session.call(["blast"], cells=read[:2])
    session.go_on()
    assert looked_at(session) == read[2]
    session.call(["blast"], cells=read)
    session.go_on()
    assert looked_at(session) == read[2]


def test_a_cell_picked_on_the_smear_is_where_reading_goes_on(
    session: CaseSession, read: list[int]
) -> None:
    session.reading.begin("Formal count", read)
    session.select_cell(read[2])
    session.go_on()
    assert looked_at(session) == read[3]


def test_a_list_that_is_drawn_anew_keeps_its_cell_in_hand(
    session: CaseSession, read: list[int]
) -> None:
    session.reading.begin("Formal count", read)
    session.select_next()
    session.reading.renew(np.roll(read, 1))
    assert session.reading.current == read[1]


def test_a_cell_read_blind_hides_the_answer_until_it_is_called(
    session: CaseSession, read: list[int]
) -> None:
    assert not session.hides_answer(read[0])
    session.reading.begin("Formal count", read, blind=True)
    assert session.hides_answer(read[0])
    session.call(["blast"], cells=read[:1])
    assert not session.hides_answer(read[0])


def test_another_case_ends_the_list(
    qtbot: QtBot, session: CaseSession, read: list[int], tmp_path: Path, smear: Path
) -> None:
    session.reading.begin("Formal count", read)
    other = tmp_path / "other.png"
    other.write_bytes(smear.read_bytes())
    session.open_paths([other])
    qtbot.waitUntil(lambda: session.inputs == (other,), timeout=20_000)
    assert not session.reading.active
