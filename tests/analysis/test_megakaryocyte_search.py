"""Places pointed out at low power are looked at once, and only megakaryocytes kept."""

from __future__ import annotations

import numpy as np
import pytest

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import CandidateRead, SearchFinished
from marrowscope.analysis.megakaryocyte_search import look_at_candidates
from marrowscope.domain.cell_table import concatenate
from marrowscope.domain.cells import Identity
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.imaging.megakaryocytes.finding import Candidate
from marrowscope.imaging.memory_slide import MemorySlide
from tests.analysis.scripted_reader import ScriptedReader, mapped

MPP = 0.5
GIANTS = [(150.0, 150.0, 80.0), (400.0, 170.0, 90.0), (300.0, 420.0, 70.0)]
NONE_KNOWN = np.zeros((0, 4), np.float32)


class NamingOne(ScriptedReader):
    """Calls every cell that it finds by one class."""

    called = "MN"

    def _identity(self) -> Identity:
        chances = np.full(len(self.classes), 0.01, np.float32)
        chances[list(self.classes).index(self.called)] = 1
        grades = np.zeros(len(self.vocabulary.features), np.float32)
        return Identity(chances / chances.sum(), grades)


@pytest.fixture
def slide() -> MemorySlide:
    return MemorySlide(mapped(600, 600), mpp=MPP)


def look(slide, reader, *, known=NONE_KNOWN, token=None):
    candidates = [Candidate(x + 5, y - 5, 0.9) for x, y, _ in GIANTS]
    candidates.append(Candidate(GIANTS[0][0] + 30, GIANTS[0][1], 0.5))
    return list(
        look_at_candidates(
            slide,
            reader,
            candidates,
            token or CancellationToken(),
            mpp=MPP,
            known=known,
        )
    )


def found_in(events):
    return concatenate(e.cells for e in events if isinstance(e, CandidateRead))


def test_each_giant_is_found_once_and_marked_as_sought(
    slide: MemorySlide, lee_vocabulary: ModelVocabulary
) -> None:
    events = look(slide, NamingOne(GIANTS, lee_vocabulary))
    cells = found_in(events)
    middles = cells.box[:, :2] + cells.box[:, 2:] / 2
    assert sorted(map(tuple, middles.tolist())) == sorted(g[:2] for g in GIANTS)
    assert cells.sought.all()
    assert events[-1] == SearchFinished(4, failed=0, cancelled=False)


def test_what_a_field_has_shown_is_not_found_again_but_its_neighbour_is(
    slide: MemorySlide, lee_vocabulary: ModelVocabulary
) -> None:
    x, y, size = GIANTS[1]
    leaning = (GIANTS[2][0] - 30, GIANTS[2][1] - 30, 20, 20)  # within a giant's box
    known = np.asarray(
        [(x - size / 2 + 3, y - size / 2, size, size), leaning], np.float32
    )
    cells = found_in(look(slide, NamingOne(GIANTS, lee_vocabulary), known=known))
    assert len(cells) == 2
    assert not np.isin(cells.box[:, 2], size).any()


def test_what_the_reader_calls_otherwise_is_left_out(
    slide: MemorySlide, lee_vocabulary: ModelVocabulary
) -> None:
    reader = NamingOne(GIANTS, lee_vocabulary)
    reader.called = "blast"
    assert len(found_in(look(slide, reader))) == 0


def test_a_stopped_search_says_so(
    slide: MemorySlide, lee_vocabulary: ModelVocabulary
) -> None:
    token = CancellationToken()
    token.cancel()
    (last,) = look(slide, NamingOne(GIANTS, lee_vocabulary), token=token)
    assert last == SearchFinished(4, failed=0, cancelled=True)
