"""The pictures of cells as the workshop's canvases, cut where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import Uncalibrated
from marrowscope.domain.geometry import Box
from marrowscope.imaging.calibration import propose_slide_mpp
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.slide import Slide
from marrowscope.training.datasets.cells import (
    CANVAS_PX,
    WINDOW_PX,
    canvas_of,
    window_um,
)
from marrowscope.training.datasets.real_cells import (
    cell_and_nucleus,
    centred_box,
    scale_by_source,
)
from marrowscope.training.locator.sources import read_rgb
from marrowscope.training.loop.cells import LoopCell
from marrowscope.training.reading.labelled import LabelledCrop

Canvas = NDArray[np.uint8]  # (192, 192, 3)
WIDEST_UM = 24.0  # a larger outline in a ready-made crop is no single cell's
CUT_PX = 384  # a picture cut out for training: 1.2 windows of 25.6 µm at 0.08


def canvases(cells: Sequence[LoopCell]) -> Iterator[Canvas]:
    """The canvas of each cell, in order; every cell's scale is known by now.

    Slides are opened once a stretch of cells. Raises MarrowScopeError for a slide that
    cannot be read, OSError for a crop that cannot be decoded.
    """
    for path, some in groupby(cells, key=lambda cell: cell.box and cell.crop.path):
        if path is None:
            yield from (_canvas_of_crop(cell.crop) for cell in some)
            continue
        with closing(open_slide(path)) as slide:
            yield from (cut(slide, *_place(cell)) for cell in some)


def _canvas_of_crop(crop: LabelledCrop) -> Canvas:
    pixels, mpp = read_rgb(crop.path), crop.mpp or 0.0
    outline, _ = cell_and_nucleus(pixels, crop, mpp, None)
    box = centred_box(outline, WIDEST_UM, mpp)
    return canvas_of(pixels, outline, box, mpp=mpp)[0]


def _place(cell: LoopCell) -> tuple[Box, float]:
    if cell.box is None or cell.crop.mpp is None:
        raise ValueError(f"{cell.key} lies in no slide of known scale")
    return cell.box, cell.crop.mpp


def scaled(cells: Sequence[LoopCell]) -> list[LoopCell]:
    """The cells with microns per pixel each: their own, else what red cells say.

    Crops of one source take one scale, fields and slides their own. Raises Uncalibrated
    for a slide of which nothing tells.
    """
    own = scale_by_source([cell.crop for cell in cells if cell.box is None])
    untold = {c.crop.path for c in cells if c.box is not None and c.crop.mpp is None}
    slides = {path: _scale_of(path) for path in sorted(untold)}
    found = []
    for cell in cells:
        mpp = cell.crop.mpp
        if mpp is None:
            boxed = cell.box is not None
            mpp = slides[cell.crop.path] if boxed else own[cell.crop.source]
        found.append(replace(cell, crop=replace(cell.crop, mpp=mpp)))
    return found


def cut(slide: Slide, box: Box, mpp: float, *, size: int = CANVAS_PX) -> Canvas:
    """A boxed cell of a slide, (size, size, 3); 1.2 times what a classifier sees."""
    around = window_around(box, mpp)
    return read_resized(slide, around, width=size, height=size)


def window_around(box: Box, mpp: float) -> Box:
    """The square of a canvas around a box, level-0 pixels."""
    side = window_um(box.width * mpp, box.height * mpp) * CANVAS_PX / WINDOW_PX / mpp
    x, y = box.centre
    return Box(x - side / 2, y - side / 2, side, side)


def _scale_of(path: Path) -> float:
    with closing(open_slide(path)) as slide:
        proposal = propose_slide_mpp(slide)
        mpp = slide.identity.mpp or (proposal.mpp if proposal else None)
    if mpp is None:
        raise Uncalibrated(
            f"{path.name} tells no scale.",
            "Give its microns per pixel in a manifest, or calibrate it in its case.",
        )
    return mpp


def as_crops(cells: Sequence[LoopCell], folder: Path) -> list[LabelledCrop]:
    """Every cell as a picture file of its own; boxed ones are cut into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        cell.crop if cell.box is None else _cut_out(cell, folder / f"{number:06d}.png")
        for number, cell in enumerate(cells)
    ]


def _cut_out(cell: LoopCell, path: Path) -> LabelledCrop:
    box, mpp = _place(cell)
    with closing(open_slide(cell.crop.path)) as slide:
        picture = cut(slide, box, mpp, size=CUT_PX)
    cv2.imwrite(str(path), np.ascontiguousarray(picture[..., ::-1]))
    width_um = window_around(box, mpp).width * mpp
    return replace(cell.crop, path=path, mpp=width_um / CUT_PX)
