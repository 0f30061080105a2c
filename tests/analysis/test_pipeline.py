"""The run: every cell once, nothing lost at a seam, stopped and continued alike."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import FieldFailed, FieldRead, RunFinished, RunStarted
from marrowscope.analysis.pipeline import analyse
from marrowscope.analysis.plan import ReadingPlan
from marrowscope.domain.cell_table import CellTable, concatenate
from marrowscope.domain.errors import UnreadableRegion
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.domain.regions import Region, RegionKind, rectangle
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.imaging.memory_slide import MemorySlide
from tests.analysis.scripted_reader import SPEC, ScriptedReader, mapped

MPP = SPEC.mpp
SIZE = 300
Cells = Sequence[tuple[float, float, float]]


def read_all(reader: ScriptedReader, plan: ReadingPlan, size: int = SIZE) -> CellTable:
    slide = MemorySlide(mapped(size, size), mpp=MPP)
    events = analyse(slide, reader, plan, CancellationToken())
    tables = [e.cells for e in events if isinstance(e, FieldRead)]
    nothing = CellTable.empty(reader.classes, reader.vocabulary.feature_ids)
    return concatenate([nothing, *tables])


def spread_cells(seed: int, count: int = 60) -> Cells:
    """Cells of 10 to 24 pixels, none nearer to another than their diameters."""
    rng = np.random.default_rng(seed)
    cells: list[tuple[float, float, float]] = []
    while len(cells) < count:
        x, y = rng.uniform(0, SIZE, 2)
        size = float(rng.uniform(10, 24))
        if all(np.hypot(x - a, y - b) > (size + d) / 2 for a, b, d in cells):
            cells.append((float(x), float(y), size))
    return cells


def visible(cells: Cells) -> Cells:
    return [c for c in cells if 0 <= c[0] < SIZE and 0 <= c[1] < SIZE]


@given(st.integers(0, 10_000))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_cell_comes_exactly_once(
    lee_vocabulary: ModelVocabulary, seed: int
) -> None:
    cells = spread_cells(seed)
    reader = ScriptedReader(cells, lee_vocabulary, jitter=0.7)
    table = read_all(reader, ReadingPlan(mpp=MPP))
    centres = table.box[:, :2] + table.box[:, 2:] / 2
    for x, y, size in visible(cells):
        near = np.hypot(*(centres - [x, y]).T) < size / 2
        assert near.sum() == 1
    assert len(table) == len(visible(cells))


def test_a_cell_at_the_pictures_edge_is_reported_and_marked_cut(
    lee_vocabulary: ModelVocabulary,
) -> None:
    reader = ScriptedReader([(4, 150, 20), (150, 150, 20)], lee_vocabulary)
    table = read_all(reader, ReadingPlan(mpp=MPP))
    assert sorted(table.cut) == [False, True]
    assert table.box[table.cut][0, 0] == pytest.approx(0, abs=0.5)


def test_boxes_come_in_full_size_pixels_whatever_the_scale(
    lee_vocabulary: ModelVocabulary,
) -> None:
    slide = MemorySlide(np.repeat(np.repeat(mapped(128, 128), 2, 0), 2, 1), mpp=0.25)
    reader = ScriptedReader([(64, 40, 20)], lee_vocabulary)
    plan = ReadingPlan(mpp=0.25)
    tables = [
        e.cells
        for e in analyse(slide, reader, plan, CancellationToken())
        if isinstance(e, FieldRead)
    ]
    (box,) = concatenate(tables).box
    assert box == pytest.approx([108, 60, 40, 40], abs=1)


def included(*boxes: Box, kind: RegionKind = RegionKind.INCLUDE) -> tuple[Region, ...]:
    return tuple(Region(0, "", kind, rectangle(box)) for box in boxes)


def test_only_fields_that_touch_an_included_region_are_read(
    lee_vocabulary: ModelVocabulary,
) -> None:
    slide = MemorySlide(mapped(SIZE, SIZE), mpp=MPP)
    reader = ScriptedReader([(c, c, 10) for c in (20, 150, 280)], lee_vocabulary)
    corners = included(Box(0, 0, 40, 40), Box(260, 260, 40, 40))
    chosen = ReadingPlan(mpp=MPP, regions=corners)
    events, every = (
        list(analyse(slide, reader, plan, CancellationToken()))
        for plan in (chosen, ReadingPlan(mpp=MPP))
    )
    read = [e for e in events if isinstance(e, FieldRead)]
    assert sum(len(e.cells) for e in read) == 2
    assert [e.number for e in read] == list(range(len(read)))
    assert len(read) < sum(isinstance(e, FieldRead) for e in every)


def test_a_target_is_not_met_by_cells_that_are_left_out(
    lee_vocabulary: ModelVocabulary,
) -> None:
    reader = ScriptedReader([(20, 20, 10), (280, 280, 10)], lee_vocabulary)
    first = included(Box(0, 0, 100, 100), kind=RegionKind.EXCLUDE)
    assert len(read_all(reader, ReadingPlan(mpp=MPP, target=1))) == 1
    # The cell left out is kept, for the reader may count it after all.
    assert len(read_all(reader, ReadingPlan(mpp=MPP, target=1, regions=first))) == 2


def test_a_region_is_all_that_is_read(lee_vocabulary: ModelVocabulary) -> None:
    reader = ScriptedReader([(50, 50, 20), (250, 250, 20)], lee_vocabulary)
    plan = ReadingPlan(mpp=MPP, regions=included(Box(0, 0, 120, 120)))
    assert len(read_all(reader, plan)) == 1


def test_regions_side_by_side_share_no_cell(lee_vocabulary: ModelVocabulary) -> None:
    reader = ScriptedReader([(119, 50, 20), (121, 90, 20)], lee_vocabulary)
    left = ReadingPlan(mpp=MPP, regions=included(Box(0, 0, 120, 120)))
    right = ReadingPlan(mpp=MPP, regions=included(Box(120, 0, 120, 120)))
    assert [len(read_all(reader, plan)) for plan in (left, right)] == [1, 1]


def test_findings_below_the_least_score_are_left_out(
    lee_vocabulary: ModelVocabulary,
) -> None:
    reader = ScriptedReader([(150, 150, 20)], lee_vocabulary)
    assert len(read_all(reader, ReadingPlan(mpp=MPP, min_score=0.95))) == 0
    assert len(read_all(reader, ReadingPlan(mpp=MPP, min_score=0.0))) == 1


def test_blank_glass_is_not_even_looked_at(lee_vocabulary: ModelVocabulary) -> None:
    class Refusing(ScriptedReader):
        def read(self, fields: Sequence[Pixels]) -> list[list]:  # type: ignore[override]
            raise AssertionError("asked to read blank glass")

    slide = MemorySlide(np.full((300, 300, 3), 240, np.uint8), mpp=MPP)
    reader = Refusing([], lee_vocabulary)
    events = list(analyse(slide, reader, ReadingPlan(mpp=MPP), CancellationToken()))
    assert events[-1].read == len(events) - 2  # type: ignore[union-attr]


@given(st.integers(0, 10_000), st.integers(0, 8))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_run_broken_off_anywhere_goes_on_to_the_same_cells(
    lee_vocabulary: ModelVocabulary, seed: int, stop: int
) -> None:
    reader = ScriptedReader(spread_cells(seed, 40), lee_vocabulary, jitter=0.7)
    plan = ReadingPlan(mpp=MPP)
    whole = read_all(reader, plan)
    slide = MemorySlide(mapped(SIZE, SIZE), mpp=MPP)
    token, done, first = CancellationToken(), {}, []
    for event in analyse(slide, reader, plan, token):
        if isinstance(event, FieldRead):
            done[event.number] = event.cells.box
            first.append(event.cells)
            if len(done) > stop:
                token.cancel()
    rest = read_all(reader, replace(plan, done=done))
    both = concatenate([*first, rest])
    assert sorted(map(tuple, both.box)) == sorted(map(tuple, whole.box))


@pytest.mark.parametrize(
    "error",
    [
        UnreadableRegion("A tile is damaged.", "Copy the slide again."),
        OSError("the disk with the damaged file is gone"),
    ],
)
def test_a_damaged_field_does_not_end_the_run(
    lee_vocabulary: ModelVocabulary, error: Exception
) -> None:
    class Damaged(MemorySlide):
        def read(
            self, x: int, y: int, width: int, height: int, *, level: int
        ) -> Pixels:
            if x < 100 and y < 100:
                raise error
            return super().read(x, y, width, height, level=level)

    slide = Damaged(mapped(SIZE, SIZE), mpp=MPP)
    reader = ScriptedReader([(250, 250, 20)], lee_vocabulary)
    events = list(analyse(slide, reader, ReadingPlan(mpp=MPP), CancellationToken()))
    failed = [e for e in events if isinstance(e, FieldFailed)]
    assert failed
    assert "damaged" in failed[0].reason
    assert isinstance(events[-1], RunFinished)
    assert events[-1].read > 0
    assert not events[-1].cancelled


def test_a_paused_run_wakes_to_be_cancelled(lee_vocabulary: ModelVocabulary) -> None:
    token = CancellationToken()
    slide = MemorySlide(mapped(SIZE, SIZE), mpp=MPP)
    run = analyse(
        slide, ScriptedReader([], lee_vocabulary), ReadingPlan(mpp=MPP), token
    )
    assert isinstance(next(run), RunStarted)
    token.pause()
    assert token.paused
    token.cancel()
    (last,) = list(run)
    assert isinstance(last, RunFinished)
    assert last.cancelled


def test_a_picture_of_one_pixel_is_read(lee_vocabulary: ModelVocabulary) -> None:
    table = read_all(ScriptedReader([], lee_vocabulary), ReadingPlan(mpp=MPP), size=1)
    assert len(table) == 0


def test_breaking_off_a_run_leaves_no_reading_behind(
    lee_vocabulary: ModelVocabulary,
) -> None:
    before = {t.name for t in threading.enumerate()}
    slide = MemorySlide(mapped(SIZE, SIZE), mpp=MPP)
    reader = ScriptedReader([], lee_vocabulary)
    run = analyse(slide, reader, ReadingPlan(mpp=MPP), CancellationToken())
    next(run)
    next(run)
    run.close()  # type: ignore[attr-defined]
    assert {t.name for t in threading.enumerate()} == before
