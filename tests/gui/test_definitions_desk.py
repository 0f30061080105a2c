"""A laboratory counts otherwise: the case in hand does so at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from marrowscope.domain.criteria import Denominator
from marrowscope.gui.definitions_desk import DefinitionsDesk
from marrowscope.gui.session import CaseSession
from marrowscope.workflow import places
from marrowscope.workflow.definitions import definitions_in_force
from tests.gui.conftest import opened, read_through


@pytest.fixture(autouse=True)
def forgotten_afterwards(own_home: Path) -> Iterator[None]:
    places.read_definitions_again()
    yield
    places.read_definitions_again()


def test_the_open_case_is_counted_by_changed_definitions_at_once(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    read_through(qtbot, session)
    assert session.table is not None
    first, second, *_ = session.table.id.tolist()
    session.call(["blast"], cells=[first])
    session.call(["polychromatic_erythroblast"], cells=[second])
    assert session.counts is not None
    assert session.counts.confirmed_blasts.total == 2
    standard = definitions_in_force()
    desk = DefinitionsDesk(session)
    desk.change(replace(standard, blast_denominator=Denominator.NON_ERYTHROID))
    qtbot.waitUntil(lambda: session.counts.confirmed_blasts.total == 1)
    case = session.opened_case
    assert case is not None
    last = [e for e in case.file.journal() if e.what == "definitions"][-1]
    assert (last.who, "erythroblasts left out" in last.became) == (session.reader, True)
    before = session.counts
    desk.change(replace(standard, blasts=()))
    qtbot.waitUntil(lambda: session.message is not None)
    assert "leaves a list empty" in session.message.what
    assert session.counts.confirmed_blasts == before.confirmed_blasts
