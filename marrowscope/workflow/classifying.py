"""Name ready-made pictures of single cells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from marrowscope.domain.errors import MarrowScopeError, UnusableModel
from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.opening import open_slide
from marrowscope.inference.reader import CellReader
from marrowscope.inference.ready_made import (
    ASSUMED,
    GIVEN,
    RED_CELLS,
    CropAnswer,
    NamesPictures,
    PictureScale,
)

# A picture of one cell; whatever is larger is a field or a slide.
MAX_SIDE = 4096


@dataclass(frozen=True, slots=True)
class NamedPicture:
    """The answer about one picture, or why there is none."""

    path: Path
    answer: CropAnswer | None
    error: MarrowScopeError | None = None


def classify_pictures(
    paths: Sequence[Path], reader: CellReader, *, mpp: float | None = None
) -> Iterator[NamedPicture]:
    """One answer per picture, in the order given; an unreadable one keeps its place.

    `mpp` microns per pixel of all; when None, a picture that does not tell its own
    takes the scale of its camera: see `camera_scales`.
    Raises UnusableModel when the reader cannot name ready-made pictures.
    """
    if not isinstance(reader, NamesPictures):
        raise UnusableModel(
            f"The model {reader.model.name} cannot name ready-made pictures.",
            "Choose a model that classifies crops, such as lee.",
        )
    scales = {} if mpp else camera_scales(paths, reader)
    for path in paths:
        try:
            pixels, own = read_picture(path)
            if mpp or own:
                scale = PictureScale(mpp or own or 0.0, GIVEN)
            else:
                scale = scales[pixels.shape[:2]]
            yield NamedPicture(path, reader.classify(pixels, scale))
        except MarrowScopeError as error:
            yield NamedPicture(path, None, error)


def camera_scales(
    paths: Sequence[Path], reader: NamesPictures
) -> dict[tuple[int, int], PictureScale]:
    """One scale for all pictures of one height and width: they come from one camera.

    The median over a sample of them: of what red cells say where at least a fifth
    shows enough of them, else of what the sizes of the cells themselves suggest.
    """
    found: dict[tuple[int, int], list[PictureScale]] = defaultdict(list)
    sizes = Counter[tuple[int, int]]()
    for path in paths:
        try:
            pixels, own = read_picture(path)
        except MarrowScopeError:
            continue
        size = pixels.shape[:2]
        sizes[size] += 1
        if own is None and _sampled(sizes[size]):
            found[size].append(reader.scale_of(pixels))
    return {size: _common(scales) for size, scales in found.items()}


def _sampled(nth: int) -> bool:
    """True for the first 20 pictures, then ever more rarely: lists are often sorted."""
    return nth <= 20 or nth % (1 << (nth // 40).bit_length()) == 0


def _common(scales: Sequence[PictureScale]) -> PictureScale:
    seen = [s.mpp for s in scales if s.source == RED_CELLS]
    if len(seen) >= max(1.0, len(scales) / 5):
        return PictureScale(median(seen), RED_CELLS)
    return PictureScale(median(s.mpp for s in scales), ASSUMED)


def read_picture(path: Path) -> tuple[Pixels, float | None]:
    """All pixels (H, W, 3) of a small picture and its microns per pixel, if it says.

    Raises UnreadableInput when it is no picture, or too large for a single cell.
    """
    slide = open_slide(path)
    try:
        width, height = slide.identity.width, slide.identity.height
        if max(width, height) > MAX_SIDE:
            raise MarrowScopeError(
                f"{path.name} is {width} by {height} pixels, no picture of one cell.",
                "Read it with: marrowscope analyse.",
            )
        return slide.read(0, 0, width, height, level=0), slide.identity.mpp
    finally:
        slide.close()
