"""Fields drawn at random: the same for a seed, never blank glass, read as a run."""

from __future__ import annotations

import numpy as np

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import FieldRead, RunStarted
from marrowscope.analysis.pipeline import analyse
from marrowscope.analysis.plan import ReadingPlan
from marrowscope.analysis.sampling import Sample, drawn_places
from marrowscope.domain.errors import UnreadableRegion
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.imaging.tiles import FieldPlace
from tests.analysis.scripted_reader import SPEC, ScriptedReader, mapped

BLANK = np.full((64, 64, 3), 235, np.uint8)
STAINED = BLANK.copy()
STAINED[20:44, 20:44] = (110, 60, 140)


def row_of(count: int) -> tuple[FieldPlace, ...]:
    boxes = [Box(100.0 * i, 0, 100, 100) for i in range(count)]
    return tuple(FieldPlace(i, box, box) for i, box in enumerate(boxes))


def test_blank_and_broken_fields_are_never_drawn():
    def read(place: FieldPlace) -> Pixels:
        if place.number == 4:
            raise UnreadableRegion("This field is damaged.", "Copy the file again.")
        return STAINED if place.number % 2 == 0 else BLANK

    drawn = drawn_places(row_of(9), Sample(20, 1), stained=(), read=read)
    assert [place.box.x for place in drawn] == [0, 200, 600, 800]
    assert [place.number for place in drawn] == [0, 1, 2, 3]


def test_the_seed_alone_decides_which_fields_are_drawn():
    def drawn(seed: int) -> list[float]:
        places = drawn_places(
            row_of(40), Sample(5, seed), stained=(), read=lambda _: STAINED
        )
        return [place.box.x for place in places]

    assert drawn(3) == drawn(3)
    assert len(drawn(3)) == 5
    assert len({tuple(drawn(seed)) for seed in range(6)}) > 3


def test_only_places_an_overview_shows_something_at_are_looked_at():
    looked: list[int] = []

    def read(place: FieldPlace) -> Pixels:
        looked.append(place.number)
        return STAINED

    stained = [Box(320, 10, 5, 5)]
    drawn = drawn_places(row_of(9), Sample(3, 1), stained=stained, read=read)
    assert looked == [3]
    assert len(drawn) == 1


def test_a_run_reads_the_drawn_fields_and_their_cells_alone(
    lee_vocabulary: ModelVocabulary,
):
    cells = [(x, y, 20.0) for x in range(40, 600, 60) for y in range(40, 600, 60)]
    pixels = mapped(600, 600)
    slide = MemorySlide(pixels, mpp=SPEC.mpp)
    reader = ScriptedReader(cells, lee_vocabulary)
    plan = ReadingPlan(mpp=SPEC.mpp, sample=Sample(2, 5))
    events = list(analyse(slide, reader, plan, CancellationToken()))
    (started,) = (e for e in events if isinstance(e, RunStarted))
    read = [e for e in events if isinstance(e, FieldRead)]
    assert len(started.fields) == len(read) == 2
    assert 0 < sum(len(e.cells) for e in read) < len(cells)
    assert [e.number for e in read] == [0, 1]
