"""Which photos of a case show one place: every readable photo against all others."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.seen_again import standing_for
from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.overlap import Landmarks, Overlap, landmarks, overlaps
from marrowscope.imaging.slide import Slide

log = logging.getLogger(__name__)
LARGEST_PHOTO = 40_000_000  # pixels; no camera on a microscope has more
_READ_SIDE = 2700  # pixels: three times what landmarks are looked for in


@dataclass(frozen=True, slots=True)
class PhotoComparison:
    """`overlaps` of the `photos` compared, all by slide number; `unreadable` ones."""

    overlaps: tuple[Overlap, ...]
    photos: tuple[int, ...]
    unreadable: tuple[int, ...]


def is_photo(identity: SlideIdentity) -> bool:
    """True for a picture that a camera takes: no scan, and no larger than that."""
    size = identity.width * identity.height
    return not identity.scanned and size <= LARGEST_PHOTO


def compare_photos(
    slides: Mapping[int, Slide], token: CancellationToken
) -> PhotoComparison | None:
    """Look at every photo once, in the order of their numbers; None when cancelled.

    A photo that cannot be decoded is left out. The same photos give the same answer.
    """
    seen: dict[int, Landmarks] = {}
    lost = []
    for number, slide in sorted(slides.items()):
        token.wait_while_paused()
        if token.cancelled:
            return None
        try:
            seen[number] = _landmarks(slide)
        except MarrowScopeError as error:
            log.warning("photo %d is not compared: %s", number, error)
            lost.append(number)
    numbers = tuple(seen)
    found = overlaps(list(seen.values()))
    placed = [
        replace(o, first=numbers[o.first], second=numbers[o.second]) for o in found
    ]
    return PhotoComparison(tuple(placed), numbers, tuple(lost))


def _landmarks(slide: Slide) -> Landmarks:
    """Landmarks of a whole photo in its full-size pixels, from a small picture of it.

    Where landmarks lie must not depend on the memory at hand: the picture is made the
    same way however large the photo is.
    """
    width, height = slide.identity.width, slide.identity.height
    shrink = max(max(width, height) / _READ_SIDE, 1.0)
    size = max(round(width / shrink), 1), max(round(height / shrink), 1)
    whole = Box(0, 0, width, height)
    pixels = read_resized(slide, whole, width=size[0], height=size[1])
    found = landmarks(np.asarray(pixels))
    ratio = width / size[0]
    return replace(
        found,
        points=(found.points * np.float32(ratio)).astype(np.float32),
        shrink=found.shrink * ratio,
        width=width,
        height=height,
    )


def looks_at_one_cell(
    table: CellTable, found: Sequence[Overlap], photos: Iterable[int]
) -> dict[int, int]:
    """By id of a cell the id of the look at the same cell that counts instead.

    Only cells of `photos` are compared; of two looks the one counts that no edge cuts,
    then the one detected with the better score.
    """
    among = np.isin(table.slide, np.fromiter(photos, np.int64))
    rows = np.flatnonzero(among)
    if not found or not len(rows):
        return {}
    standing = standing_for(
        table.box[rows],
        table.slide[rows],
        found,
        cut=table.cut[rows],
        score=table.detection_score[rows],
    )
    ids = table.id[rows]
    again = np.flatnonzero(standing != np.arange(len(rows)))
    return {int(ids[i]): int(ids[standing[i]]) for i in again}
