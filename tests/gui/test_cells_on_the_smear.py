"""The cells on the smear: found by place, counted as density, hidden, selected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Verdict
from marrowscope.domain.taxonomy import LINEAGES, Taxonomy
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.case_state import Changes, InView
from marrowscope.gui.legend.model import in_view_text
from marrowscope.gui.palette import load_cell_palette
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view import cells_building
from marrowscope.gui.slide_view.cell_grid import grid_of
from marrowscope.gui.slide_view.density import density_levels
from marrowscope.gui.slide_view.density_picture import colours_of, density_picture
from marrowscope.gui.slide_view.shown_cells import (
    LOOKS,
    CellsOfSlide,
    ShownCells,
    shown_cells,
    with_calls,
)
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.theme import Appearance, ThemeChoice
from tests.gui.conftest import opened, read_through

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


def drawn_boxes(count: int, seed: int) -> np.ndarray:
    """Cells, some of them over the edge of the slide, and one in a hundred a giant."""
    rng = np.random.default_rng(seed)
    boxes = rng.uniform(-200, 5000, (count, 4)).astype(np.float32)
    boxes[:, 2:] = rng.uniform(10, 90, (count, 2))
    boxes[::100, 2:] *= 15
    return boxes


def drawn_table(known: ModelVocabulary, count: int, seed: int = 1) -> CellTable:
    rng = np.random.default_rng(seed)
    empty = CellTable.empty(known.class_ids, known.feature_ids)
    columns = {
        "box": drawn_boxes(count, seed),
        "probabilities": rng.dirichlet(np.full(8, 0.3), count).astype(np.float32),
        "slide": rng.integers(1, 3, count).astype(np.int32),
        "id": rng.permutation(count).astype(np.int64) + 10,
        "drawn": np.zeros(count, np.bool_),
    }
    return replace(empty, **columns)


def drawn_cells(known: ModelVocabulary, count: int, seed: int = 1) -> ShownCells:
    return shown_cells(CellsOfSlide(drawn_table(known, count, seed), known, slide=1))


# Where they lie --------------------------------------------------------------------


@given(
    count=st.sampled_from([0, 1, 40, 2000]),
    seed=st.integers(0, 5),
    corner=st.tuples(st.floats(-3000, 6000), st.floats(-3000, 6000)),
    size=st.tuples(st.floats(0, 9000), st.floats(0, 9000)),
)
def test_the_grid_finds_and_counts_what_a_full_search_does(
    count: int, seed: int, corner: tuple[float, float], size: tuple[float, float]
) -> None:
    boxes, region = drawn_boxes(count, seed), Box(*corner, *size)
    grid, order = grid_of(boxes)
    touching = (
        (boxes[:, 0] < region.right)
        & (boxes[:, 1] < region.bottom)
        & (boxes[:, 0] + boxes[:, 2] > region.x)
        & (boxes[:, 1] + boxes[:, 3] > region.y)
    )
    found = order[grid.inside(region)]
    assert sorted(found.tolist()) == np.flatnonzero(touching).tolist()
    seen = np.random.default_rng(seed).random(count) < 0.7
    running = np.concatenate([[0], np.cumsum(seen[order])])
    middles = boxes[:, :2] + boxes[:, 2:] / 2
    within = [region.contains(x, y) for x, y in middles.tolist()]
    assert grid.count(region, running) == int((np.asarray(within, bool) & seen).sum())


def test_a_click_finds_the_smallest_of_nested_boxes_that_are_seen() -> None:
    boxes = np.asarray([[0, 0, 400, 400], [100, 100, 20, 20]], np.float32)
    grid, order = grid_of(boxes)
    large, small = order.argsort().tolist()
    seen = np.ones(2, np.bool_)
    assert grid.at(110, 110, seen) == small
    assert grid.at(300, 300, seen) == large
    assert grid.at(500, 500, seen) is None
    seen[small] = False
    assert grid.at(110, 110, seen) == large


def test_a_click_takes_the_cell_under_it_before_a_smaller_one_beside_it() -> None:
    boxes = np.asarray([[0, 0, 50, 50], [52, 20, 10, 10]], np.float32)
    grid, order = grid_of(boxes)
    large, small = order.argsort().tolist()
    seen = np.ones(2, np.bool_)
    assert grid.at(49, 25, seen, reach=6) == large
    assert grid.at(51.5, 25, seen, reach=6) == small


def test_rows_are_found_by_id_in_the_order_asked_for() -> None:
    for ids in ([3, 5, 9, 11], [9, 3, 11, 5]):
        rows = CellRows(np.asarray(ids, np.int64))
        found = rows.of([11, 4, 3, 99, 9])
        assert [ids[row] for row in found] == [11, 3, 9]
        assert rows.row(4) is None
        assert rows.row(5) == ids.index(5)
    assert CellRows(np.zeros(0, np.int64)).row(5) is None


# Density ---------------------------------------------------------------------------


def test_every_level_of_the_density_holds_every_cell_that_is_seen(
    lee_vocabulary: ModelVocabulary,
) -> None:
    shown = drawn_cells(lee_vocabulary, 3000)
    for hidden in (frozenset(), frozenset({"GN", "ED"}), frozenset(shown.classes)):
        seen = shown.seen(hidden)
        levels = density_levels(shown, seen, np.eye(LOOKS))
        assert bool(levels) == bool(seen.any())
        for level in levels:
            by_look = level.sums.sum(axis=(1, 2))
            looks = np.bincount(shown.look[seen], minlength=len(by_look))
            assert by_look.tolist() == looks.tolist()
    names = [lee_vocabulary.class_ids[k] for k in shown.kind // (2 * len(LINEAGES))]
    away = shown.seen(frozenset({"GN", "ED"}))
    assert away.tolist() == [name not in ("GN", "ED") for name in names]


def test_a_single_cell_is_seen_at_every_step_of_the_zoom_in_its_own_colour(
    lee_vocabulary: ModelVocabulary,
) -> None:
    shown = drawn_cells(lee_vocabulary, 2000)
    lonely = np.zeros(len(shown), np.bool_)
    lonely[7] = True
    palette = load_cell_palette()
    picture = density_picture(shown, lonely, colours_of(palette))
    box = shown.grid.boxes[7]
    mark = palette.of(LINEAGES[shown.look[7] // 2]).colour
    for level in picture.levels:
        place = np.maximum(box[:2] + box[2:] / 2, 0) // level.square
        pixel = level.picture.pixelColor(*place.astype(int).tolist())
        assert pixel.alphaF() > 0.2
        assert abs(pixel.red() - mark.red()) < 8
        assert abs(pixel.blue() - mark.blue()) < 8
        assert level.dysplastic.sum() == shown.look[7] % 2


def test_a_call_changes_one_cell_and_is_taken_back_again(
    lee_vocabulary: ModelVocabulary, taxonomy: Taxonomy
) -> None:
    shown = drawn_cells(lee_vocabulary, 500)
    cell = int(shown.id[40])
    other = Verdict(cell, ("megakaryocyte",), True, "A", "t")
    elsewhere = Verdict(10**6, ("blast",), None, "A", "t")
    calls = {cell: other, 10**6: elsewhere}
    called = with_calls(shown, calls, taxonomy, touched=[cell, 10**6])
    assert np.flatnonzero(called.kind != shown.kind).tolist() == [40]
    assert called.look[40] == 2 * LINEAGES.index("megakaryocytic") + 1
    assert np.flatnonzero(called.confirmed).tolist() == [40]
    assert called.seen({shown.classes[shown.kind[40] // 16]})[40] == np.False_
    assert (with_calls(shown, calls, taxonomy).kind == called.kind).all()
    back = with_calls(called, {}, taxonomy, touched=[cell])
    assert (back.kind == shown.kind).all()
    assert not back.confirmed.any()


def test_the_legend_says_in_plain_words_what_is_seen() -> None:
    assert in_view_text(InView(0)) == "No cells in view"
    assert in_view_text(InView(1)) == "1 cell in view"
    assert in_view_text(InView(812)) == "812 cells in view"
    many = in_view_text(InView(12_430, as_density=True))
    assert many == "12,430 cells in view: shown as density; zoom in for outlines"


# In the window ---------------------------------------------------------------------


@pytest.fixture
def view(
    qtbot: QtBot,
    session: CaseSession,
    smear: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> SlideView:
    """A smear read to its end, where more than five cells are too many outlines."""
    for module in ("cells_building", "cells_layer", "cells_drawing"):
        path = f"marrowscope.gui.slide_view.{module}.MOST_BOXES"
        monkeypatch.setattr(path, 5)
    made = SlideView(session, Appearance(ThemeChoice.DARK))
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    opened(qtbot, session, smear)
    read_through(qtbot, session)
    qtbot.waitUntil(lambda: made.settled)
    return made


@pytest.mark.usefixtures("blob_reader")
def test_density_and_outlines_give_way_to_each_other_and_the_session_knows(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    qtbot.waitUntil(lambda: session.in_view == InView(12, as_density=True))
    session.set_hidden_classes({"ED"})
    assert session.table is not None
    left = int((session.table.class_index != session.table.classes.index("ED")).sum())
    qtbot.waitUntil(lambda: session.in_view == InView(left, as_density=True))
    cell = session.table.cell(0)
    view.navigator.zoom_to(4.0)
    qtbot.waitUntil(lambda: view.settled)
    view.navigator.look_at(*cell.box.centre)
    qtbot.waitUntil(lambda: not session.in_view.as_density)
    assert session.in_view.cells <= 5


@pytest.mark.usefixtures("blob_reader")
def test_a_band_over_everything_selects_exactly_what_is_not_hidden(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    session.set_hidden_classes({"ED"})
    QTest.mousePress(view, LEFT, SHIFT, QPoint(1, 1))
    QTest.mouseMove(view, QPoint(798, 598))
    QTest.mouseRelease(view, LEFT, SHIFT, QPoint(798, 598))
    table = session.table
    assert table is not None
    seen = table.id[table.class_index != table.classes.index("ED")]
    assert sorted(session.selection.tolist()) == sorted(seen.tolist())
    assert len(seen) < len(table)
    region = QRectF(100, 50, 300, 400)
    view.navigator.turn(30)
    qtbot.waitUntil(lambda: view.settled)
    chosen = view.cells.inside(region, view.navigator.viewport).tolist()
    brute = [
        int(table.id[row])
        for row in np.flatnonzero(np.isin(table.id, seen))
        if region.contains(
            *view.navigator.viewport.to_screen(*table.cell(int(row)).box.centre)
        )
    ]
    assert sorted(chosen) == sorted(brute)


@pytest.mark.usefixtures("blob_reader")
def test_too_many_selected_cells_are_never_outlined_one_by_one(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    before = view.grab().toImage()
    assert session.table is not None
    session.select_cells(session.table.id)
    assert view.grab().toImage() == before  # their picture is still being made
    qtbot.waitUntil(lambda: view.settled)
    assert view.grab().toImage() != before


@pytest.mark.usefixtures("blob_reader")
def test_the_picture_of_the_density_follows_hidden_classes(
    qtbot: QtBot, view: SlideView, session: CaseSession
) -> None:
    everything = view.grab().toImage()
    session.set_hidden_classes(session.table.classes if session.table else ())
    qtbot.waitUntil(lambda: view.settled)
    nothing = view.grab().toImage()
    session.show_boxes(False)
    session.set_hidden_classes(())
    qtbot.waitUntil(lambda: view.settled)
    assert nothing != everything
    assert view.grab().toImage() == nothing


@pytest.mark.usefixtures("blob_reader")
def test_no_cell_is_built_on_the_windows_thread(
    qtbot: QtBot,
    view: SlideView,
    session: CaseSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import threading

    threads: list[str] = []
    real = cells_building.with_calls  # what every way of building ends with

    def spied(
        shown: ShownCells,
        verdicts: Mapping[int, Verdict],
        taxonomy: Taxonomy,
        *,
        touched: Iterable[int] | None = None,
    ) -> ShownCells:
        if touched is None:  # all of them
            threads.append(threading.current_thread().name)
        return real(shown, verdicts, taxonomy, touched=touched)

    monkeypatch.setattr(cells_building, "with_calls", spied)
    session.changed.emit(Changes.CELLS)
    qtbot.waitUntil(lambda: len(threads) == 1 and view.settled)
    assert threads[0].startswith("marrowscope-cells")
