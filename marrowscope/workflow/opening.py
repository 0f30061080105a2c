"""Open what a user points at: slides, photos, folders of photos, a case."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from marrowscope.domain.errors import (
    MarrowScopeError,
    UnreadableInput,
    UnusableCase,
)
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.calibration import trusted_mpp
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.slide import Slide
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.definitions import recorded
from marrowscope.workflow.inputs import FailedInput, slides_in
from marrowscope.workflow.slide_names import names_apart, slide_names

log = logging.getLogger(__name__)
CASE_SUFFIX = ".marrow"
Met = Callable[[Slide], None]


@dataclass(frozen=True, slots=True)
class OpenedSlide:
    """A slide of the case; `mpp` microns per level-0 pixel, None when uncalibrated."""

    number: int
    path: Path
    slide: Slide
    mpp: float | None
    mpp_source: str


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case file with the slides that could be opened, and the inputs that failed."""

    file: CaseFile
    slides: tuple[OpenedSlide, ...]
    failures: tuple[FailedInput, ...]

    def close(self) -> None:
        for opened in self.slides:
            opened.slide.close()
        self.file.close()


def open_case(
    paths: Sequence[Path],
    *,
    case: Path | None = None,
    mpp: float | None = None,
    join: bool = True,
    met: Met | None = None,
) -> OpenedCase:
    """Open the inputs as one specimen; the same slides bring the same case back.

    `paths` may be one case file, or any slides, photos and folders. `case` says where
    the case file lies; by default it is found by the first slide's content. `mpp`
    (microns per level-0 pixel) is believed for every slide when given. Without `join` a
    case that holds other slides, and none of these, is refused: it is another specimen.
    `met` is told of the first slide as soon as it is open, and may read it at once: if
    there is no case for it in the end, it closes itself when nobody has it any more.
    Raises UnreadableInput when nothing at all could be opened, or for a scale no
    microscope can have; UnusableCase when the case file cannot be made or opened.
    """
    if mpp is not None:
        _refuse_scale(mpp)
    if len(paths) == 1 and paths[0].suffix == CASE_SUFFIX:
        return recorded(_reopen(CaseFile.open(paths[0]), mpp, met))
    return recorded(_open_inputs(paths, case, mpp, join=join, met=met))


def _open_inputs(
    paths: Sequence[Path],
    case: Path | None,
    mpp: float | None,
    *,
    join: bool,
    met: Met | None,
) -> OpenedCase:
    slides, failures = _open_slides(paths, met)
    if not slides:
        raise failures[0].error
    name = _specimen(paths, slides[0][1].identity)
    try:
        file = _case_for(slides[0][1].identity, case, name=name)
        if not join:
            _refuse_other_specimen(file, slides)
        opened = _enter_all(file, slides, mpp)
    except MarrowScopeError:
        for _, slide in slides[1:]:  # the first may be being read
            slide.close()
        raise
    return OpenedCase(file, opened, tuple(failures))


def open_stored(path: Path) -> OpenedCase:
    """Open a case file for reading only.

    Works also for a case that may not be written to or is open in another window.
    Raises UnusableCase for a file that is no case.
    """
    return _reopen(CaseFile.open(path, read_only=True), None, None)


def open_to_look(path: Path, met: Met | None = None) -> OpenedCase:
    """Open a case file as it stands now, whoever writes to it later.

    `met` is told of its first slide. Raises UnusableCase for a file that is no case.
    """
    return _reopen(CaseFile.look_at(path), None, met)


def _specimen(paths: Sequence[Path], first: SlideIdentity) -> str:
    """A folder of photos is called as its folder, all else as its first slide."""
    folder = paths[0].resolve()
    if len(paths) == 1 and folder.is_dir() and folder.name:
        return folder.name
    return Path(first.name).stem


def _open_slides(
    paths: Sequence[Path], met: Met | None
) -> tuple[list[tuple[Path, Slide]], list[FailedInput]]:
    slides: list[tuple[Path, Slide]] = []
    failures: list[FailedInput] = []
    found = slides_in(paths, failures)
    names = names_apart([(path.name, path) for path in found])
    for path, name in zip(found, names, strict=True):
        try:
            slides.append((path, open_slide(path)))
            _tell_first(slides, met)
        except MarrowScopeError as error:
            failures.append(FailedInput(path, naming(error, path, name)))
    if not slides and not failures:
        nothing = UnreadableInput("Nothing was given to open.", "Choose a slide.")
        failures.append(FailedInput(Path(), nothing))
    return slides, failures


def _tell_first(slides: Sequence[tuple[Path, Slide]], met: Met | None) -> None:
    if met is not None and len(slides) == 1:
        met(slides[0][1])


def _case_for(identity: SlideIdentity, chosen: Path | None, *, name: str) -> CaseFile:
    path = chosen or default_case(identity)
    try:
        if path.exists():
            return _open_known(path, name) if chosen is None else CaseFile.open(path)
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableCase(
            f"The folder {path.parent} for the case cannot be used ({error.strerror}).",
            "Make it writable, or set MARROWSCOPE_HOME to a folder of your own.",
        ) from error
    return CaseFile.create(path, name=name)


def _refuse_other_specimen(
    file: CaseFile, slides: Sequence[tuple[Path, Slide]]
) -> None:
    known = file.slides()
    given = {slide.identity.content for _, slide in slides}
    if not known or given & {stored.identity.content for stored in known}:
        return
    folder, names = file.path.parent.name, slide_names(known).values()
    file.close()
    raise UnusableCase(
        f"The case in {folder} holds {', '.join(names)}, and none of the slides given.",
        "Choose another folder, or give --add when all are of one specimen.",
    )


def _open_known(path: Path, name: str) -> CaseFile:
    try:
        return CaseFile.open(path)
    except UnusableCase as error:
        # Nobody but the program knows its own cases by their file names.
        raise naming(error, path, f"of {name}") from error


def naming(error: MarrowScopeError, path: Path, name: str) -> MarrowScopeError:
    """The same error, the file called as its user knows it."""
    return type(error)(error.what.replace(path.name, name), error.advice)


def default_case(identity: SlideIdentity) -> Path:
    """Where the case lies whose first slide this is, if nobody chose another place."""
    # Named by content: moving or renaming the slide still brings its case back.
    digest = hashlib.sha256(identity.content.encode()).hexdigest()[:16]
    return places.cases_folder() / f"{digest}{CASE_SUFFIX}"


def _enter_all(
    file: CaseFile, slides: Sequence[tuple[Path, Slide]], mpp: float | None
) -> tuple[OpenedSlide, ...]:
    try:
        return _entered(file, slides, mpp)
    except MarrowScopeError:
        file.close()
        raise


def _entered(
    file: CaseFile, slides: Sequence[tuple[Path, Slide]], mpp: float | None
) -> tuple[OpenedSlide, ...]:
    """Each content once; a second file of the same content is only noted by name."""
    first: dict[str, tuple[Path, Slide]] = {}
    copies: list[tuple[str, str]] = []
    names = names_apart([(slide.identity.name, path) for path, slide in slides])
    for (path, slide), called in zip(slides, names, strict=True):
        content = slide.identity.content
        if first.setdefault(content, (path, slide))[1] is not slide:
            copies.append((content, called.encode("utf-8", "replace").decode("utf-8")))
            slide.close()
    entered = _enter(file, list(first.values()), mpp)
    if copies:
        number = {one.slide.identity.content: one.number for one in entered}
        file.add_slide_copies((number[content], name) for content, name in copies)
    return entered


def _enter(
    file: CaseFile, slides: Sequence[tuple[Path, Slide]], mpp: float | None
) -> tuple[OpenedSlide, ...]:
    """As the case knows them from now on; one open for reading knows them already."""
    if not file.read_only:
        # Whoever opens the case later may stand in another folder.
        found = [(slide.identity, path.absolute()) for path, slide in slides]
        for number in file.add_slides(found) if found else ():
            if mpp is not None:
                file.calibrate(number, mpp, "typed")
    stored = {s.identity.content: s for s in file.slides()}
    known = [stored[slide.identity.content] for _, slide in slides]
    return tuple(
        OpenedSlide(one.number, path, slide, one.identity.mpp, one.identity.mpp_source)
        for one, (path, slide) in zip(known, slides, strict=True)
    )


def _reopen(file: CaseFile, mpp: float | None, met: Met | None) -> OpenedCase:
    slides: list[tuple[Path, Slide]] = []
    failures: list[FailedInput] = []
    known_slides = file.slides()
    names = slide_names(known_slides)
    for stored in known_slides:
        try:
            slide = open_slide(stored.path)
            _check_content(slide, stored.identity, stored.path)
            slides.append((stored.path, slide))
            _tell_first(slides, met)
        except MarrowScopeError as error:
            named = naming(error, stored.path, names[stored.number])
            failures.append(FailedInput(stored.path, named, stored.number))
    return OpenedCase(file, _enter(file, slides, mpp), tuple(failures))


def find_slide(case: OpenedCase, path: Path) -> OpenedCase:
    """The case with a slide that lies elsewhere now: known by its content alone.

    Other slides missing from the case are taken from the same folder by their names.
    Raises UnreadableInput for what is no slide, or none that the case misses.
    """
    missing = {failed.slide for failed in case.failures}
    number, slide = _recognised(case, path)
    if number not in missing:
        slide.close()
        raise UnreadableInput(
            f"{path.name} is not the slide this case was read from.",
            "Choose the original file; it may have another name or folder by now.",
        )
    case = _with_slide(case, path, slide)
    for failed in case.failures:
        beside = path.with_name(failed.path.name)
        if failed.slide is not None and beside.exists():
            with suppress(MarrowScopeError):
                number, slide = _recognised(case, beside)
                if number == failed.slide:
                    case = _with_slide(case, beside, slide)
                else:
                    slide.close()
    return case


def _recognised(case: OpenedCase, path: Path) -> tuple[int | None, Slide]:
    slide = open_slide(path)
    numbers = {s.identity.content: s.number for s in case.file.slides()}
    return numbers.get(slide.identity.content), slide


def _with_slide(case: OpenedCase, path: Path, slide: Slide) -> OpenedCase:
    (found,) = _enter(case.file, [(path, slide)], None)
    slides = sorted((*case.slides, found), key=lambda opened: opened.number)
    failures = tuple(f for f in case.failures if f.slide != found.number)
    return OpenedCase(case.file, tuple(slides), failures)


def _check_content(slide: Slide, known: SlideIdentity, path: Path) -> None:
    if slide.identity.content != known.content:
        slide.close()
        raise UnreadableInput(
            f"{path.name} is not the slide this case was read from.",
            "Put the original file back, or open this one as a new case.",
        )


def calibrate(
    case: OpenedCase, opened: OpenedSlide, *, mpp: float, source: str
) -> OpenedSlide:
    """Believe `mpp` microns per pixel for a slide from now on, and say who gave it.

    Raises UnreadableInput for a value no microscope can have.
    """
    _refuse_scale(mpp)
    case.file.calibrate(opened.number, mpp, source)
    return replace(opened, mpp=mpp, mpp_source=source)


def _refuse_scale(mpp: float) -> None:
    if trusted_mpp(mpp) is None:
        raise UnreadableInput(
            f"{mpp:g} µm per pixel is not a scale a microscope can have.",
            "Give a value between 0.05 and 5.",
        )
