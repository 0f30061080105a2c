"""Name ready-made pictures of single cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError, UnusableModel
from marrowscope.domain.geometry import Pixels
from marrowscope.imaging.opening import open_slide
from marrowscope.inference.families.lee import CropAnswer, LeeReader
from marrowscope.inference.reader import CellReader

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

    `mpp` microns per pixel, found from the picture itself when None.
    Raises UnusableModel when the reader cannot name ready-made pictures.
    """
    if not isinstance(reader, LeeReader):
        raise UnusableModel(
            f"The model {reader.model.name} cannot name ready-made pictures.",
            "Choose a model that classifies crops, such as lee.",
        )
    for path in paths:
        try:
            pixels, known = read_picture(path)
            yield NamedPicture(path, reader.classify(pixels, mpp or known))
        except MarrowScopeError as error:
            yield NamedPicture(path, None, error)


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
