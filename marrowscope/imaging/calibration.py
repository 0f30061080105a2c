"""Microns per pixel: from the file, from the optics, or from the red cells seen.

A red cell is 7.2 µm across in a smear, and it is the one thing of known size in every
field. The proposal is for a person to accept: patients with micro- or macrocytosis are
off by as much as their red cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from marrowscope.domain.errors import UnreadableRegion
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.imaging.red_cells import Disc, red_cell_discs
from marrowscope.imaging.scale import mpp_from_optics, trusted_mpp
from marrowscope.imaging.slide import Slide
from marrowscope.imaging.tissue import tissue_boxes

__all__ = [
    "RED_CELL_UM",
    "ScaleProposal",
    "mpp_from_optics",
    "propose_crop_mpp",
    "propose_crops_mpp",
    "propose_mpp",
    "propose_slide_mpp",
    "propose_slides_mpp",
    "trusted_mpp",
]

RED_CELL_UM = 7.2
WINDOW = 1024  # pixels a side looked at in one piece: 100 µm at the finest scale
MOST_WINDOWS = 8
ENOUGH_RED_CELLS = 120
# Chosen on 120 training pictures of TXL-PBC. On 138 others it answers for 83; against
# their boxes, drawn some 4 pixels wide, the median is 13 % above and 5 % are off by
# over a quarter. Drawn smears from 0.1 to 0.5 µm per pixel: all within 7 %.
FEWEST_RED_CELLS = 6
FEWEST_IN_CROP = 3
LEAST_CROP_RADIUS = 0.05  # of the picture's side: a red cell under a tenth is no crop
EDGE = 0.24  # of the side: how far a red cell may hang over it
LEAST_SHARE = 0.6
WIDEST_SPREAD = 0.2
KERNEL = 0.08  # of the logarithm of the radius: red cells of one person vary by 7 %
SAME_SIZE = 0.2


@dataclass(frozen=True, slots=True)
class ScaleProposal:
    """Microns per pixel after the red cells, how many, and their relative spread."""

    mpp: float
    red_cells: int
    spread: float


def propose_mpp(pixels: Pixels) -> ScaleProposal | None:
    """The scale of a field (H, W, 3) from its red cells; None when unsure.

    Works from 0.045 to 0.6 µm per pixel. Unsure means fewer than 6 round discs of one
    size, or less than 60 % of the discs of that size.
    """
    return _proposal(_discs(_windows(pixels)))


def propose_crop_mpp(pixels: Pixels) -> ScaleProposal | None:
    """The scale of a ready-made picture of one cell (H, W, 3); None when unsure.

    Such pictures show few red cells, many of them cut by the edge: three of one size
    are enough, and they may hang over it. Where three are seen (97 % of the CellaVision
    pictures of Acevedo, 40 % of `wbc_masks`, 5 % of the MLL set, whose red cells are
    as large as a third of the picture), 98 % are within 20 % of the set's true scale.
    """
    return _proposal(_crop_discs(pixels), fewest=FEWEST_IN_CROP)


def propose_crops_mpp(pictures: Iterable[Pixels]) -> ScaleProposal | None:
    """One scale for pictures of single cells taken alike; None when unsure."""
    discs = chain.from_iterable(map(_crop_discs, pictures))
    return _proposal(list(islice(discs, ENOUGH_RED_CELLS)))


def _crop_discs(pixels: Pixels) -> list[Disc]:
    """Discs of a small picture whose centres it shows."""
    edge = round(max(pixels.shape[:2]) * EDGE)
    wide = np.pad(pixels, ((edge, edge), (edge, edge), (0, 0)), mode="edge")
    seen = Box(edge, edge, pixels.shape[1], pixels.shape[0])
    smallest = LEAST_CROP_RADIUS * max(pixels.shape[:2])
    discs = red_cell_discs(wide)
    return [d for d in discs if seen.contains(d.x, d.y) and d.radius > smallest]


def propose_slide_mpp(slide: Slide) -> ScaleProposal | None:
    """The scale of level 0 from up to 8 places of a slide; None when unsure."""
    return _proposal(_discs(_slide_windows(slide)))


def propose_slides_mpp(slides: Sequence[Slide]) -> ScaleProposal | None:
    """One scale for photos taken alike, from all their red cells; None when unsure."""
    return _proposal(_discs(w for slide in slides for w in _slide_windows(slide)))


def _discs(windows: Iterable[Pixels]) -> list[Disc]:
    discs: list[Disc] = []
    for window in windows:
        discs += red_cell_discs(window)
        if len(discs) >= ENOUGH_RED_CELLS:
            break
    return discs


def _windows(pixels: Pixels) -> Iterator[Pixels]:
    """Pieces of a field, at most 8, spread over it."""
    height, width = pixels.shape[:2]
    for box in _spread(_grid(width, height)):
        x, y = int(box.x), int(box.y)
        yield pixels[y : y + int(box.height), x : x + int(box.width)]


def _slide_windows(slide: Slide) -> Iterator[Pixels]:
    """Full-size pieces of a slide where there is something; damaged ones left out."""
    width, height = slide.identity.width, slide.identity.height
    whole = Box(0, 0, width, height)
    if max(width, height) <= 4 * WINDOW:
        places = _grid(width, height)
    else:
        centres = (box.centre for box in tissue_boxes(slide))
        half = WINDOW / 2
        near = [Box(x - half, y - half, WINDOW, WINDOW) for x, y in centres]
        places = [box for b in near if (box := b.intersection(whole)) is not None]
    for box in _spread(places):
        size = int(box.width), int(box.height)
        try:
            yield slide.read(int(box.x), int(box.y), *size, level=0)
        except UnreadableRegion:
            continue


def _grid(width: int, height: int) -> list[Box]:
    whole = Box(0, 0, width, height)
    boxes = [
        Box(x, y, WINDOW, WINDOW).intersection(whole)
        for y in range(0, height, WINDOW)
        for x in range(0, width, WINDOW)
    ]
    return [box for box in boxes if box is not None]


def _spread(boxes: Sequence[Box]) -> list[Box]:
    """At most 8 of the boxes, evenly spread over their order."""
    step = max(len(boxes) / MOST_WINDOWS, 1.0)
    chosen = (boxes[int((i + 0.5) * step)] for i in range(int(len(boxes) / step)))
    return list(islice(chosen, MOST_WINDOWS))


def _proposal(
    discs: Sequence[Disc], *, fewest: int = FEWEST_RED_CELLS
) -> ScaleProposal | None:
    """The commonest size of the discs, if they agree well enough."""
    if len(discs) < fewest:
        return None
    size = np.log([disc.radius for disc in discs])
    # Small circles are found by chance on any texture, large ones hardly ever.
    weight = np.asarray([disc.support * disc.radius for disc in discs])
    places = np.linspace(size.min(), size.max(), 200)
    near = np.exp(-0.5 * ((places[:, None] - size) / KERNEL) ** 2)
    commonest = places[(near * weight).sum(axis=1).argmax()]
    same = np.abs(size - commonest) < SAME_SIZE
    radius = float(np.median(np.exp(size[same])))
    deviations = np.abs(np.exp(size[same]) / radius - 1)
    spread = 1.4826 * float(np.median(deviations))
    share = float(weight[same].sum() / weight.sum())
    mpp = trusted_mpp(RED_CELL_UM / (2 * radius))
    few = int(same.sum()) < fewest
    if few or share < LEAST_SHARE or spread > WIDEST_SPREAD or mpp is None:
        return None
    return ScaleProposal(mpp, int(same.sum()), spread)
