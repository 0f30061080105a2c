"""From a path to a slide, or to one sentence on what is wrong with it."""

from __future__ import annotations

import logging
import re
from functools import partial
from pathlib import Path

from marrowscope.domain.errors import UnreadableInput, UnreadableRegion
from marrowscope.domain.geometry import Box
from marrowscope.imaging.content_hash import file_hash, files_hash, hash_aside
from marrowscope.imaging.dicom_folder import dicom_slides, is_dicom, series_of
from marrowscope.imaging.direct_tiles import with_direct_tiles
from marrowscope.imaging.openslide_slide import OpenSlideSlide, openslide_format
from marrowscope.imaging.overview import with_overview
from marrowscope.imaging.photo_slide import open_photo
from marrowscope.imaging.slide import Slide
from marrowscope.imaging.tiff_slide import TiffSlide

log = logging.getLogger(__name__)

PHOTO_ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
SLIDE_ENDINGS = (
    ".svs",
    ".ndpi",
    ".mrxs",
    ".scn",
    ".bif",
    ".svslide",
    ".vms",
    ".vmu",
    ".czi",
    ".dcm",
)
_TIFF_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
COPY_AGAIN = "Copy it again from where it came."


def open_slide(path: Path) -> Slide:
    """A whole slide, a photo, or a DICOM folder, by content and not by name.

    Raises UnreadableInput with one sentence saying what is wrong with which file.
    """
    path = Path(path)
    if path.is_dir():
        return _open_dicom(_dicom_files(path), path.name)
    name, head = path.name, _head(path)
    if len(head) > 128 and head[128:132] == b"DICM":
        same = [p for p in _files(path.parent) if _same_series(p, path)]
        return _open_dicom(same or [path], name)
    is_tiff, known = head[:4] in _TIFF_MAGIC, openslide_format(path)
    readers: list[type[OpenSlideSlide] | type[TiffSlide]] = []
    if known is not None:
        readers.append(OpenSlideSlide)
    if is_tiff:
        # OpenSlide knows the makers' own TIFFs best; of others it misses pyramids in
        # sub-images and deep samples, and it refuses one whose end is missing.
        readers.insert(0 if known == "generic-tiff" else len(readers), TiffSlide)
    if not readers:
        return open_photo(path, content=file_hash(path), name=name)
    # Elsewhere tiles may overlap or belong to several scans: OpenSlide places those.
    direct = is_tiff and known in (None, "generic-tiff", "aperio")
    return _first_that_reads(readers, path, direct=direct)


def _first_that_reads(
    readers: list[type[OpenSlideSlide] | type[TiffSlide]], path: Path, *, direct: bool
) -> Slide:
    """The slide by the first reader that manages; the first one's complaint if none."""
    content = hash_aside(path)
    complaints: list[UnreadableInput] = []
    for reader in readers:
        try:
            slide = reader(path, content=content, name=path.name)
            whole = _checked(with_direct_tiles(slide, path) if direct else slide)
            return with_overview(whole)
        except UnreadableInput as error:
            complaints.append(error)
    raise complaints[0]


def find_slides(path: Path) -> list[Path]:
    """What a user means by a path, each of which `open_slide` opens.

    A file is itself; a DICOM folder is itself (one file of each series when it holds
    several); another folder is its slides and photos in natural order, 2 before 10.
    Raises UnreadableInput when there is nothing of the kind.
    """
    path = Path(path)
    if not path.is_dir():
        _head(path)
        return [path]
    files = _files(path)
    try:
        # DICOM files often have no ending, or one that is part of their number.
        maybe = [p for p in files if not _known_ending(p) or _ends_dicom(p)]
        series = dicom_slides(maybe)
    except OSError as error:
        raise _unreadable(path, error) from error
    pictures = [p for p in files if _known_ending(p) and not _ends_dicom(p)]
    if len(series) == 1 and not pictures:
        return [path]
    found = pictures + [paths[0] for paths in series]
    if not found:
        what = "is empty" if not files else "holds no slides and no photos"
        raise UnreadableInput(
            f"The folder {path.name} {what}.",
            "Choose a folder with whole-slide files, DICOM files, or PNG, JPEG, TIFF, "
            "BMP or WebP photos.",
        )
    return sorted(found, key=_natural)


def is_photo_name(path: Path) -> bool:
    """True when a file is named like a visible photo."""
    return path.suffix.lower() in PHOTO_ENDINGS and not path.name.startswith(".")


def _known_ending(path: Path) -> bool:
    return path.suffix.lower() in PHOTO_ENDINGS + SLIDE_ENDINGS


def _ends_dicom(path: Path) -> bool:
    return path.suffix.lower() == ".dcm"


def _natural(path: Path) -> list[tuple[int, int, str]]:
    """Sort key that puts field 2 before field 10."""
    parts = re.split(r"(\d+)", path.name.casefold())
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p]


def _files(folder: Path) -> list[Path]:
    """Visible regular files of a folder, in natural order."""
    try:
        inside = [p for p in folder.iterdir() if not p.name.startswith(".")]
        return sorted((p for p in inside if p.is_file()), key=_natural)
    except OSError as error:
        raise _unreadable(folder, error) from error


def _head(path: Path) -> bytes:
    """The first bytes of a file that exists, may be read, and is not empty."""
    try:
        if not path.exists():
            raise UnreadableInput(
                f"{path.name} is not there.", f"Check the path {path} and try again."
            )
        if not path.is_file():
            raise UnreadableInput(
                f"{path.name} is not an ordinary file.",
                "Choose a slide, photo or folder.",
            )
        with path.open("rb") as file:
            head = file.read(132)
    except OSError as error:
        raise _unreadable(path, error) from error
    if not head:
        raise UnreadableInput(f"{path.name} is empty (0 bytes).", COPY_AGAIN)
    return head


def _unreadable(path: Path, error: OSError) -> UnreadableInput:
    if isinstance(error, PermissionError):
        return UnreadableInput(
            f"You have no permission to read {path.name}.",
            "Ask whoever owns it, or copy it to a folder of your own.",
        )
    reason = error.strerror or str(error)
    return UnreadableInput(f"{path.name} cannot be read ({reason}).", COPY_AGAIN)


def _same_series(candidate: Path, wanted: Path) -> bool:
    return is_dicom(candidate) and series_of(candidate) == series_of(wanted)


def _dicom_files(folder: Path) -> list[Path]:
    """The files of a folder's largest DICOM series."""
    series = dicom_slides(_files(folder))
    if not series:
        raise UnreadableInput(
            f"The folder {folder.name} is no DICOM slide.",
            "Open its photos one by one, or all of them as a folder of photos.",
        )
    return max(series, key=lambda paths: sum(p.stat().st_size for p in paths))


def _open_dicom(files: list[Path], name: str) -> Slide:
    """The slide these DICOM files make up together."""
    for path in files:
        if openslide_format(path) is not None:
            content = partial(files_hash, files)
            return with_overview(
                _checked(OpenSlideSlide(path, content=content, name=name))
            )
    raise UnreadableInput(
        f"{name} is DICOM, but no microscope slide.",
        "Choose a DICOM whole-slide image (VL Whole Slide Microscopy).",
    )


def _checked(slide: Slide) -> Slide:
    """The slide, once some part of it was really read: broken files open well."""
    last = None
    for box in _probes(slide):
        place = int(box.x), int(box.y)
        try:
            slide.read(*place, int(box.width), int(box.height), level=0)
        except UnreadableRegion as error:
            last = error
        else:
            return slide
    slide.close()
    log.info("no part of %s can be read: %s", slide.identity.name, last)
    raise UnreadableInput(
        f"{slide.identity.name} is damaged: none of its pixels can be read.", COPY_AGAIN
    ) from last


def _probes(slide: Slide) -> list[Box]:
    """One pixel in the first corner and on a grid of nine places inside."""
    width, height = slide.identity.width, slide.identity.height
    shares = (0.1, 0.5, 0.9)
    inside = [
        Box(int(width * x), int(height * y), 1, 1) for y in shares for x in shares
    ]
    return [Box(0, 0, 1, 1), *inside]
