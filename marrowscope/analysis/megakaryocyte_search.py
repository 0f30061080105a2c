"""Places that low power pointed out, each looked at by the reader at its own scale.

A megakaryocyte lies where the counting zone mostly is not; what is found here is a list
beside the count and never a part of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import numpy as np

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import CandidateRead, SearchFinished
from marrowscope.analysis.merging import PART_OF_CELL, SAME_CELL
from marrowscope.analysis.placing import placed
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.cells import Finding
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box, Boxes, intersection_areas
from marrowscope.domain.megakaryocytes import LINEAGE
from marrowscope.imaging.fields import read_at_scale
from marrowscope.imaging.megakaryocytes.finding import Candidate
from marrowscope.imaging.slide import Slide
from marrowscope.inference.reader import CellReader

log = logging.getLogger(__name__)
LOOK_UM = 160.0  # wide: a giant of 90 µm that is found at its rim is seen whole


def look_at_candidates(
    slide: Slide,
    reader: CellReader,
    candidates: Sequence[Candidate],
    token: CancellationToken,
    *,
    mpp: float,
    known: Boxes,
    slide_number: int = 0,
    min_score: float | None = None,
) -> Iterator[CandidateRead | SearchFinished]:
    """Read around each candidate; of what is there only megakaryocytes are kept.

    `known` (N, 4): boxes (level-0 pixels) of all cells met before: what is one of them
    is not found again, whatever it was called there. `mpp`: microns per level-0 pixel.
    `min_score`: the reader's own when None. The token is polled between candidates.
    """
    look, failed = _Look(slide, reader, mpp, min_score), 0
    for done, candidate in enumerate(candidates, start=1):
        token.wait_while_paused()
        if token.cancelled:
            break
        try:
            fresh = _fresh(look.at(candidate), known)
        except MarrowScopeError as error:
            log.warning("a candidate could not be looked at", exc_info=error)
            fresh, failed = [], failed + 1
        known = np.concatenate([known, _boxes(fresh)])
        cells = _table(fresh, reader, slide_number)
        yield CandidateRead(look.box(candidate), cells, done, len(candidates))
    yield SearchFinished(len(candidates), failed=failed, cancelled=token.cancelled)


class _Look:
    """How one place is read."""

    def __init__(
        self, slide: Slide, reader: CellReader, mpp: float, min_score: float | None
    ) -> None:
        self._slide, self._reader, self._mpp = slide, reader, mpp
        self._least = reader.min_score if min_score is None else min_score
        self._lineage = [c.lineage for c in reader.vocabulary.classes]

    def box(self, at: Candidate) -> Box:
        side = LOOK_UM / self._mpp
        whole = Box(0, 0, self._slide.identity.width, self._slide.identity.height)
        wanted = Box(at.x - side / 2, at.y - side / 2, side, side)
        return whole.intersection(wanted) or whole

    def at(self, candidate: Candidate) -> list[Finding]:
        """Megakaryocytes around a place, in level-0 pixels."""
        box, spec = self.box(candidate), self._reader.spec
        pixels = read_at_scale(self._slide, box, mpp=spec.mpp, slide_mpp=self._mpp)
        identity = self._slide.identity
        found = [
            placed(
                one,
                box,
                scale=spec.mpp / self._mpp,
                width=identity.width,
                height=identity.height,
            )
            for one in self._reader.read([pixels])[0]
            if one.score >= self._least and self._is_megakaryocyte(one)
        ]
        return [one for one in found if not self._at_seam(one.box, box)]

    def _is_megakaryocyte(self, one: Finding) -> bool:
        return self._lineage[int(one.identity.probabilities.argmax())] == LINEAGE

    def _at_seam(self, cell: Box, look: Box) -> bool:
        """True for a cell that the look cuts, where the slide goes on."""
        identity = self._slide.identity
        return (
            (cell.x <= look.x + 1 and look.x > 0)
            or (cell.y <= look.y + 1 and look.y > 0)
            or (cell.right >= look.right - 1 and look.right < identity.width)
            or (cell.bottom >= look.bottom - 1 and look.bottom < identity.height)
        )


def _fresh(found: Sequence[Finding], known: Boxes) -> list[Finding]:
    """The findings that are none of the known cells, nor each other's."""
    fresh: list[Finding] = []
    for one in found:
        others = np.concatenate([known, _boxes(fresh)])
        if not _is_one_of(one.box, others):
            fresh.append(one)
    return fresh


def _is_one_of(box: Box, others: Boxes) -> bool:
    """True for a cell that overlaps another widely or lies within it.

    What lies within the cell is no reason: small cells lean on every giant.
    """
    mine = np.asarray([(box.x, box.y, box.width, box.height)], np.float32)
    shared = intersection_areas(mine, others)[0]
    union = np.maximum(box.area + others[:, 2] * others[:, 3] - shared, 1e-6)
    return bool(
        ((shared > SAME_CELL * union) | (shared > PART_OF_CELL * box.area)).any()
    )


def _boxes(found: Sequence[Finding]) -> Boxes:
    rows = [(f.box.x, f.box.y, f.box.width, f.box.height) for f in found]
    return np.asarray(rows, np.float32).reshape(-1, 4)


def _table(found: Sequence[Finding], reader: CellReader, slide: int) -> CellTable:
    return CellTable.of_findings(
        found,
        slide=slide,
        classes=reader.classes,
        features=reader.vocabulary.feature_ids,
        fine=len(reader.vocabulary.fine),
        sought=True,
    )
