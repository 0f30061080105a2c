"""Cells shown after a person drew some: the same as those that are built anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from marrowscope.domain.geometry import Box
from marrowscope.domain.review import MissedCell
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.slide_view.shown_cells import (
    CellsOfSlide,
    ShownCells,
    shown_cells,
)
from marrowscope.gui.slide_view.shown_changes import redrawn_cells
from marrowscope.store.case_file import CaseFile
from marrowscope.store.known_cells import KnownCells, changed_rows
from tests.gui.conftest import opened, read_through
from tests.gui.smears import BlobReader
from tests.store.case_parts import VOCABULARY
from tests.store.conftest import case, case_path  # noqa: F401
from tests.store.test_corrections import drawing
from tests.store.test_known_cells import one_step, read  # noqa: F401


def assert_same(one: ShownCells, other: ShownCells) -> None:
    here, there = np.argsort(one.id), np.argsort(other.id)
    assert np.array_equal(one.id[here], other.id[there])
    for name in ("kind", "own_kind", "unsure", "confirmed"):
        assert np.array_equal(getattr(one, name)[here], getattr(other, name)[there])
    assert np.array_equal(one.grid.boxes[here], other.grid.boxes[there])
    assert np.array_equal(one.rows.of(other.id[there]), here)
    if one.grid.squares == other.grid.squares:
        assert np.array_equal(one.id, other.id)


def assert_found_alike(one: ShownCells, other: ShownCells, region: Box) -> None:
    found = [set(x.id[x.grid.inside(region)].tolist()) for x in (one, other)]
    assert found[0] == found[1]
    every = [np.arange(len(x) + 1) for x in (one, other)]
    assert one.grid.count(region, every[0]) == other.grid.count(region, every[1])


def of_slide(known: KnownCells, slide: int) -> CellsOfSlide:
    return CellsOfSlide(known.table, VOCABULARY, slide)


@pytest.mark.parametrize("seed", range(3))
def test_cells_shown_after_any_steps_are_those_that_are_built_anew(
    read: CaseFile,  # noqa: F811
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    known = read.known_cells()
    assert known is not None
    shown = {slide: shown_cells(of_slide(known, slide)) for slide in (1, 2)}
    for _ in range(50):
        one_step(read, rng)
        before, known = known, read.known_cells(known)
        assert known is not None
        changed = changed_rows(before, known)
        assert changed is not None
        for slide in (1, 2):
            cells = of_slide(known, slide)
            shown[slide] = redrawn_cells(shown[slide], cells, changed)
            anew = shown_cells(cells)
            assert_same(shown[slide], anew)
            for _ in range(5):
                x, y, wide, high = rng.uniform(-100, 2300, 4)
                region = Box(x, y, abs(wide) + 1, abs(high) + 1)
                assert_found_alike(shown[slide], anew, region)


def test_two_cells_drawn_where_there_were_none_stand_in_their_own_squares(
    read: CaseFile,  # noqa: F811
) -> None:
    known = read.known_cells()
    assert known is not None
    shown = shown_cells(of_slide(known, 1))
    right, left = Box(800, 500, 50, 50), Box(100, 500, 50, 50)
    read.edit(drawing({}, MissedCell(1, right), MissedCell(1, left)))
    now = read.known_cells(known)
    assert now is not None
    changed = changed_rows(known, now)
    assert changed is not None
    cells = of_slide(now, 1)
    drawn = redrawn_cells(shown, cells, changed)
    assert_same(drawn, shown_cells(cells))
    assert_found_alike(drawn, shown_cells(cells), left)


def test_cells_are_built_anew_while_a_case_is_read_again(
    qtbot: QtBot, window: MainWindow, smear: Path, blob_reader: BlobReader
) -> None:
    session = read_through(qtbot, opened(qtbot, window.session, smear))
    assert session.table is not None
    before = set(session.table.id.tolist())
    blob_reader.slowness = 0.1
    session.start_run(again=True)
    qtbot.waitUntil(lambda: session.run.done >= 2, timeout=20_000)
    session.pause()
    qtbot.waitUntil(lambda: window.smear.settled, timeout=20_000)
    shown = window.smear.cells.shown
    assert shown is not None
    assert set(shown.id.tolist()) == set(session.table.id.tolist()) != before
    session.resume()
    qtbot.waitUntil(lambda: not session.run.active, timeout=20_000)
