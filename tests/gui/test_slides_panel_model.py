"""Each slide's state in a few words, without a window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.domain.cell_table import concatenate
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.gui.case_jobs import ThumbnailRequest, thumbnail
from marrowscope.gui.case_state import Phase, RunState, SlideEntry
from marrowscope.gui.jobs import Progress
from marrowscope.gui.slides_panel.model import UNLIKE, SlideFigures, cards
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.workflow.opening import OpenedSlide
from tests.gui.panel_cases import table_of


def entry(number: int, *, mpp: float | None = 0.25, width: int = 40) -> SlideEntry:
    slide = MemorySlide(np.zeros((20, width, 3), np.uint8), name=f"smear {number}")
    opened = OpenedSlide(number, Path(f"{number}.png"), slide, mpp, "typed")
    return SlideEntry(opened, f"{number}.png", working_mpp=mpp, certainty="")


def states(slides: list[SlideEntry], run: RunState) -> list[str]:
    return [
        c.state
        for c in cards(slides, current=1, run=run, figures=SlideFigures.of(None))
    ]


def test_a_slide_nobody_read_says_so() -> None:
    assert states([entry(1)], RunState()) == ["not read"]


def test_cells_are_counted_for_their_own_slide(
    lee_vocabulary: ModelVocabulary,
) -> None:
    table = table_of(lee_vocabulary, ["GN", "EN"])
    shown = cards(
        [entry(1), entry(2)], current=2, run=RunState(), figures=SlideFigures.of(table)
    )
    assert [card.state for card in shown] == ["2 cells", "not read"]
    assert [card.current for card in shown] == [False, True]


@pytest.mark.parametrize(
    ("phase", "word"), [(Phase.READING, "reading"), (Phase.PAUSED, "paused")]
)
def test_the_slide_in_hand_tells_how_much_of_it_is_read(phase: Phase, word) -> None:
    run = RunState(phase, done=3, total=12, slide=1)
    assert states([entry(1)], run) == [f"{word} 25 %"]


def test_the_second_slide_begins_at_nothing() -> None:
    # Half the fields are the first slide's, a quarter each of the two others.
    slides = [entry(1, width=80), entry(2), entry(3)]
    run = RunState(Phase.READING, done=50, total=100, slide=2)
    assert states(slides, run)[1] == "reading 0 %"
    assert states(slides, replace(run, done=60))[1] == "reading 40 %"


def test_a_slide_without_a_scale_says_what_it_is_read_with() -> None:
    plain = entry(1, mpp=None)
    proposed = replace(plain, working_mpp=0.1024, certainty="proposed from red cells")
    shown = cards(
        [plain, proposed], current=None, run=RunState(), figures=SlideFigures.of(None)
    )
    assert [card.trust for card in shown] == [
        "uncalibrated",
        "uncalibrated · 0.102 µm/px (red cells)",
    ]


def test_a_slide_of_strange_cells_says_so(lee_vocabulary: ModelVocabulary) -> None:
    usual = table_of(lee_vocabulary, ["EN"] * 10)
    strange = replace(
        usual,
        slide=np.full(10, 2, np.int32),
        strangeness=np.full(10, 1.5, np.float32),
    )
    familiar = replace(usual, strangeness=np.full(10, 0.5, np.float32))
    shown = cards(
        [entry(1), entry(2)],
        current=1,
        run=RunState(),
        figures=SlideFigures.of(concatenate([familiar, strange])),
    )
    assert [card.unlike for card in shown] == ["", UNLIKE]


def test_a_slide_that_was_read_in_vain_says_so() -> None:
    read = replace(entry(1), read_mpp=0.25)
    assert states([read], RunState(Phase.FINISHED)) == ["read, no cells found"]


def test_the_thumbnail_of_a_long_strip_shows_its_cells() -> None:
    strip = np.full((200, 30_000, 3), 230, np.uint8)
    for left in range(0, 30_000, 150):
        strip[80:120, left : left + 40] = 60
    request = ThumbnailRequest(1, MemorySlide(strip, name="strip"))
    picture = thumbnail(request, Progress(print, CancellationToken()))
    middle = picture[:, picture.shape[1] // 2 - 28 :][:, :56]
    assert middle.shape[0] > 48
    assert middle.min() < 80
    assert middle.max() > 220
