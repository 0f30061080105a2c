"""Towards a target the best fields come first, and the run ends when it is met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import FieldRead, RunFinished
from marrowscope.analysis.pipeline import analyse
from marrowscope.analysis.plan import ReadingPlan
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.imaging.counting_zone.zone_map import NAMES, THICK, THIN, ZoneMap
from marrowscope.imaging.memory_slide import MemorySlide
from tests.analysis.scripted_reader import ScriptedReader, mapped

MPP = 0.5
SIDE = 420
GRID = range(20, 400, 40)
EVERY = [(float(x), float(y), 20.0) for x in GRID for y in GRID]


@pytest.fixture
def slide() -> MemorySlide:
    return MemorySlide(mapped(SIDE, SIDE), mpp=MPP)


@pytest.fixture
def reader(lee_vocabulary: ModelVocabulary) -> ScriptedReader:
    return ScriptedReader(EVERY, lee_vocabulary)


def good_on_the_right() -> ZoneMap:
    """Only the right half is thin; the quality grows to the right."""
    quality = np.tile(np.array([0, 10, 60, 180, 220, 250, 255], np.uint8), (7, 1))
    zones = np.where(quality > 128, NAMES.index(THIN), NAMES.index(THICK))
    return ZoneMap(60.0, zones.astype(np.uint8), quality)


def read(slide, reader, plan):
    return list(analyse(slide, reader, plan, CancellationToken()))


def test_the_best_fields_come_first_until_the_target_is_met(slide, reader) -> None:
    plan = ReadingPlan(MPP, zones=good_on_the_right(), target=25)
    *events, last = read(slide, reader, plan)
    fields = [event for event in events if isinstance(event, FieldRead)]
    quality = [plan.zones.quality_in(event.field) for event in fields]
    assert quality[0] == max(quality)
    counts = np.cumsum([len(event.cells) for event in fields])
    assert counts[-1] >= 25 > (counts[-2] if len(counts) > 1 else 0)
    assert isinstance(last, RunFinished)
    assert not last.cancelled


def test_without_a_target_all_is_read_row_by_row(slide, reader) -> None:
    events = read(slide, reader, ReadingPlan(MPP, zones=good_on_the_right()))
    numbers = [event.number for event in events if isinstance(event, FieldRead)]
    assert numbers == list(range(len(numbers)))
    assert sum(len(e.cells) for e in events if isinstance(e, FieldRead)) == len(EVERY)


def test_a_run_taken_up_again_ends_where_it_would_have_ended(slide, reader) -> None:
    plan = ReadingPlan(MPP, zones=good_on_the_right(), target=40)
    whole = [e for e in read(slide, reader, plan) if isinstance(e, FieldRead)]
    done = {event.number: event.cells.box for event in whole[:2]}
    rest = read(slide, reader, replace(plan, done=done))
    again = [event.number for event in rest if isinstance(event, FieldRead)]
    assert again == [event.number for event in whole[2:]]
    met = {event.number: event.cells.box for event in whole}
    assert not any(
        isinstance(event, FieldRead)
        for event in read(slide, reader, replace(plan, done=met))
    )


def test_a_target_beyond_all_cells_reads_all(slide, reader) -> None:
    plan = ReadingPlan(MPP, zones=good_on_the_right(), target=10_000)
    events = read(slide, reader, plan)
    assert sum(len(e.cells) for e in events if isinstance(e, FieldRead)) == len(EVERY)
