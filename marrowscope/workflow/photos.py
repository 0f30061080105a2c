"""The photos of one smear: compared with one another, and every cell counted once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.photo_matching import (
    compare_photos,
    is_photo,
    looks_at_one_cell,
)
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.overlap import Overlap, placements
from marrowscope.imaging.slide import Slide
from marrowscope.report.sources import ReportedPhotos
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.opening import OpenedCase

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PhotoMap:
    """How the photos of a case lie.

    `groups`: photos that hang together, the largest group first; by slide number each
    photo's transform (2, 3) from its own pixels to those of its group's first photo.
    `overlaps`: the pairs behind it. `copies`: slide number and name of files that held
    the same. `apart`: photos that were not compared with all others, because they
    could not be read when the others were. `seen_again`: cells left out of the count,
    since another photo shows them as well.
    """

    groups: tuple[dict[int, NDArray[np.float64]], ...]
    overlaps: tuple[Overlap, ...]
    copies: tuple[tuple[int, str], ...]
    apart: tuple[int, ...]
    seen_again: int

    @property
    def near_duplicates(self) -> tuple[Overlap, ...]:
        """Pairs of which one photo shows hardly anything the other does not."""
        return tuple(one for one in self.overlaps if one.near_duplicate)


def match_photos(case: OpenedCase, token: CancellationToken) -> None:
    """Compare the photos of the case, unless they have been; the answer is stored.

    Photos stored earlier and not given now are opened where they were seen last. A
    case of fewer than two photos is left alone.
    """
    file = case.file
    wanted = _photos_of(file)
    rounds = file.compared_photos()
    newest = max(rounds.values(), default=0)
    if len(wanted) < 2 or (newest and all(rounds.get(n) == newest for n in wanted)):
        return
    with _every_photo(case, wanted) as slides:
        found = compare_photos(slides, token)
    if found is None:
        return
    unreadable = set(wanted) - set(found.photos)
    file.set_photo_overlaps(
        found.overlaps, photos=found.photos, unreadable=sorted(unreadable)
    )


def count_cells_once(file: CaseFile) -> None:
    """Mark the looks at cells that another photo shows better; store which.

    To be called whenever cells have come or photos were compared.
    """
    found, photos = file.photo_overlaps(), _photos_of(file)
    if len(photos) < 2:
        return
    every = file.cells(every=True)
    file.set_seen_again(looks_at_one_cell(every, found, photos))


def photo_map(file: CaseFile) -> PhotoMap | None:
    """How the photos of a case lie; None before two of them were compared."""
    rounds, copies = file.compared_photos(), file.slide_copies()
    if len(rounds) < 2 and not copies:
        return None
    numbers = sorted(rounds)
    row = {number: i for i, number in enumerate(numbers)}
    found = file.photo_overlaps()
    groups = placements([_renumbered(o, row) for o in found], len(numbers))
    newest = max(rounds.values(), default=0)
    return PhotoMap(
        tuple({numbers[i]: t for i, t in group.items()} for group in groups),
        tuple(found),
        tuple(copies),
        tuple(n for n in numbers if rounds[n] < newest),
        len(file.seen_again()),
    )


def reported_photos(file: CaseFile) -> ReportedPhotos | None:
    """The same for the report; None for a case that is no set of photos."""
    lie = photo_map(file)
    return None if lie is None else reported(lie)


def reported(lie: PhotoMap) -> ReportedPhotos:
    """A map in the words of the report."""
    return ReportedPhotos(
        groups=tuple(tuple(sorted(group)) for group in lie.groups),
        near_duplicates=tuple(
            (one.first, one.second, one.shared) for one in lie.near_duplicates
        ),
        copies=lie.copies,
        apart=lie.apart,
        seen_again=lie.seen_again,
    )


def _renumbered(one: Overlap, row: dict[int, int]) -> Overlap:
    return Overlap(
        row[one.first], row[one.second], one.transform, one.shared, one.likeness
    )


def _photos_of(file: CaseFile) -> list[int]:
    return [stored.number for stored in file.slides() if is_photo(stored.identity)]


@contextmanager
def _every_photo(case: OpenedCase, wanted: list[int]) -> Iterator[dict[int, Slide]]:
    """The photos by number; those not given now are opened for as long as needed."""
    slides = {o.number: o.slide for o in case.slides if o.number in set(wanted)}
    with ExitStack() as opened:
        for stored in case.file.slides():
            if stored.number in slides or stored.number not in wanted:
                continue
            try:
                slide = open_slide(stored.path)
            except MarrowScopeError as error:
                log.warning("photo %d is not compared: %s", stored.number, error)
                continue
            opened.callback(slide.close)
            if slide.identity.content == stored.identity.content:
                slides[stored.number] = slide
        yield slides
