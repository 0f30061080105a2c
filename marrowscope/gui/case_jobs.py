"""What the window asks its workers: frozen requests and the pure functions for them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError, UnusableCase
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.gui.case_contents import CaseContents, contents_of
from marrowscope.gui.case_state import CellPicture
from marrowscope.gui.jobs import Progress
from marrowscope.imaging.display_colour import DisplayColour
from marrowscope.imaging.slide import Slide
from marrowscope.imaging.small_picture import small_picture
from marrowscope.inference.bundle import Bundle
from marrowscope.report.photos import photo_notices
from marrowscope.workflow.cell_pictures import shown_picture, window_around
from marrowscope.workflow.inputs import FailedInput
from marrowscope.workflow.models import find_model
from marrowscope.workflow.opening import (
    OpenedCase,
    OpenedSlide,
    calibrate,
    find_slide,
)
from marrowscope.workflow.photos import reported_photos
from marrowscope.workflow.protected_cases import open_as_allowed
from marrowscope.workflow.reporting import report_content
from marrowscope.workflow.scale import proposed_scale
from marrowscope.workflow.slide_names import slide_names

log = logging.getLogger(__name__)
PICTURE_SIDE = 384  # pixels of the inspector's crop
THUMBNAIL_SIDE = 256
LEAST_THUMBNAIL, LONGEST_THUMBNAIL = 56, 8192  # the shorter and longer side of a strip


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Inputs that make up one case; `previous` is open in this window until now."""

    paths: tuple[Path, ...]
    previous: OpenedCase | None = None


def open_contents(request: OpenRequest, progress: Progress) -> CaseContents:
    """Open the inputs; the previous case is closed when that went well.

    Reports the first slide as soon as it is open, and the cells (CellsMet) as soon as
    they are read: to make the case, or to read all of it, may take longer.
    Raises UnreadableInput or UnusableCase, and then the previous case stays open.
    """
    previous = request.previous
    try:
        case = open_as_allowed(request.paths, progress.report)
    except UnusableCase:
        if previous is None:
            raise
        # It may be this very window that has the case open.
        return _open_own_again(request, previous)
    _still_wanted(case, progress)
    contents = replace(contents_of(case, progress.tell), inputs=request.paths)
    _still_wanted(case, progress)
    if previous is not None:
        previous.close()
    return contents


def _still_wanted(case: OpenedCase, progress: Progress) -> None:
    """Let the case go when the window is closing: nobody will take it."""
    if progress.token.cancelled:
        case.file.close()  # its slide may be being read
        raise UnusableCase("The window is closing.")


def _open_own_again(request: OpenRequest, previous: OpenedCase) -> CaseContents:
    path = previous.file.path
    previous.close()
    try:
        contents = contents_of(open_as_allowed(request.paths))
        return replace(contents, inputs=request.paths)
    except MarrowScopeError as error:
        log.info("the new case did not open; going back to the one before")
        failed = FailedInput(request.paths[0], error)
        case = open_as_allowed([path])
        return contents_of(OpenedCase(case.file, case.slides, (*case.failures, failed)))


@dataclass(frozen=True, slots=True)
class FindRequest:
    """A slide of the case lies at `path` now; `inputs` are what the case came from."""

    case: OpenedCase
    path: Path
    inputs: tuple[Path, ...]


def contents_with_slide(request: FindRequest, progress: Progress) -> CaseContents:
    """The case again, with the slide. Raises UnreadableInput when it is none of it."""
    contents = contents_of(find_slide(request.case, request.path))
    missed = {f.path for f in contents.failures}
    found = [f.path for f in request.case.failures if f.path not in missed]
    inputs = (_now_at(one, found, request.path) for one in request.inputs)
    return replace(contents, inputs=tuple(inputs))


def _now_at(known: Path, found: Sequence[Path], path: Path) -> Path:
    """Where an input lies now: a slide that was `found`, or the folder of some."""
    if known in found:
        return path
    return path.parent if any(known in one.parents for one in found) else known


def close_case(case: OpenedCase, progress: Progress) -> None:
    """Let the case's file and slides go."""
    case.close()


@dataclass(frozen=True, slots=True)
class DisplayRequest:
    """A slide is shown in these colours from now on, as `reader` wished."""

    case: OpenedCase
    slide: int
    colour: DisplayColour
    reader: str


def store_display(request: DisplayRequest, progress: Progress) -> None:
    """Keep a slide's colours in the case."""
    request.case.file.set_display(request.slide, request.colour, who=request.reader)


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """Believe `mpp` microns per level-0 pixel for these slides; `source` in words."""

    case: OpenedCase
    slides: tuple[OpenedSlide, ...]
    mpp: float
    source: str


def store_calibration(
    request: CalibrationRequest, progress: Progress
) -> tuple[OpenedSlide, ...]:
    """The slides with their new scale."""
    return tuple(
        calibrate(request.case, slide, mpp=request.mpp, source=request.source)
        for slide in request.slides
    )


@dataclass(frozen=True, slots=True)
class ProposalRequest:
    """The slide to find a scale for, and all that may come from its camera."""

    number: int
    slides: tuple[OpenedSlide, ...]


def propose_for(request: ProposalRequest, progress: Progress) -> float | None:
    """Microns per level-0 pixel as a run would propose it, None when unsure."""
    return proposed_scale(request.slides, request.number)


@dataclass(frozen=True, slots=True)
class ThumbnailRequest:
    """A small picture of a whole slide."""

    number: int
    slide: Slide


def thumbnail(request: ThumbnailRequest, progress: Progress) -> Pixels:
    """RGB (h, w, 3), longer side THUMBNAIL_SIDE; more of a strip's, or it is a line."""
    identity = request.slide.identity
    sides = identity.width, identity.height
    side = round(LEAST_THUMBNAIL * max(sides) / min(sides))
    side = max(THUMBNAIL_SIDE, min(side, LONGEST_THUMBNAIL))
    return small_picture(request.slide, side)


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """The crop around one cell as the classifier saw it, in the colours of the view."""

    cell: int
    box: Box
    slide: Slide
    mpp: float
    colour: DisplayColour


def cell_picture(request: PictureRequest, progress: Progress) -> CellPicture:
    """Pixels of the crop, PICTURE_SIDE across, and the region they show."""
    region = window_around(request.box, request.mpp)
    pixels = shown_picture(request.slide, region, PICTURE_SIDE, request.colour)
    return CellPicture(request.cell, region, pixels)


def model_at_hand(request: str, progress: Progress) -> Bundle:
    """The bundle of that name. Raises UnusableModel when it is absent or broken."""
    return find_model(request)


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences a report of a case would begin with: scale, likeness, gaps.

    `of_photos`: those of them that the photo map shows at a glance.
    """

    sentences: tuple[str, ...] = ()
    of_photos: frozenset[str] = frozenset()


def what_must_be_said(request: OpenedCase, progress: Progress) -> Said:
    """What must be known of the numbers as they stand."""
    file = request.file
    names = slide_names(file.slides())
    of_photos = photo_notices(reported_photos(file), names)
    notices = report_content(request, pictured=False).notices
    return Said(notices, frozenset(of_photos))


def slides_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The paths a user dropped or chose, absolute, each once."""
    found: list[Path] = []
    for path in paths:
        with suppress(OSError):
            path = path.absolute()
        if path not in found:
            found.append(path)
    return tuple(found)
