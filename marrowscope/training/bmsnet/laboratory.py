"""Pools of named fields out of a laboratory's own boxed pictures."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from marrowscope.domain.geometry import Box
from marrowscope.imaging.calibration import propose_slide_mpp
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.slide import Slide
from marrowscope.training.bmsnet import calibration
from marrowscope.training.bmsnet.classes import CLASS_OF
from marrowscope.training.bmsnet.named_fields import (
    FIRST_CLASS,
    UNTOLD,
    drawn_fields,
)
from marrowscope.training.bmsnet.network import CLASSES
from marrowscope.training.locator.field import FIELD_MPP
from marrowscope.training.mori.boxed_field import IGNORED, REST, BoxedField
from marrowscope.training.mori.field_pool import POOL_SIZE, pool_of, save_pool, write
from marrowscope.training.reading.labelled import (
    LabelledBox,
    LabelledData,
    LabelledField,
)

log = logging.getLogger(__name__)

_OF_LEE = {"EN": "erythroid", "ED": "erythroid", "GN": "myeloid", "GD": "myeloid"}
_OF_LEE |= {"MN": "megakaryocyte", "MD": "megakaryocyte", "blast": "blast"}
ASSUMED_MPP = 0.25
LEAST_NAMED = 50  # photographed cells to calibrate by


def write_pools(data: LabelledData, folder: Path, *, drawn: int, seed: int) -> None:
    """``composed.npz`` of the laboratory's fields, ``drawn.npz`` beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "composed.npz").is_file():
        pieces = [piece for field in data.fields for piece in pieces_of(field)]
        log.info("%d pieces of %d pictures", len(pieces), len(data.fields))
        save_pool(pool_of("composed", pieces), folder / "composed.npz")
    if drawn and not (folder / "drawn.npz").is_file():
        write(folder / "drawn.npz", drawn_fields(seed), drawn)


def fit_naming(folder: Path, kept_out: Sequence[LabelledField], *, drawn: int) -> None:
    """Fit how a new bundle's names are read, on photos and drawn fields it never saw.

    With too few named cells in the photos it stays as in the bundle it began from:
    drawn cells alone say little of real ones.
    """
    reader = calibration.unscaled_reader(folder, views=calibration.VIEWS)
    pieces = (piece for field in kept_out for piece in pieces_of(field))
    found = [*calibration.named_in_fields(reader, pieces, source="photographed")]
    if len(found) < LEAST_NAMED:
        log.info("%d named cells kept out are too few to calibrate by", len(found))
        return
    fields = islice(drawn_fields(calibration.DRAWN_SEED), drawn)
    found += calibration.named_in_fields(reader, fields, source="drawn")
    calibration.calibrate(folder, found)


def pieces_of(field: LabelledField) -> Iterator[BoxedField]:
    """The picture at 0.5 µm per pixel in squares; its edge filled with its own grey."""
    slide = open_slide(field.path)
    try:
        mpp = field.mpp or slide.identity.mpp or _proposed(slide)
        step = POOL_SIZE * FIELD_MPP / mpp  # level-0 pixels of a piece
        for top in np.arange(0, slide.identity.height, step):
            for left in np.arange(0, slide.identity.width, step):
                piece = _piece(slide, field, (float(left), float(top)), step)
                if len(piece.boxes):
                    yield piece
    finally:
        slide.close()


def _proposed(slide: Slide) -> float:
    proposal = propose_slide_mpp(slide)
    if proposal is None:
        log.info("%s tells no scale: 0.25 assumed", slide.identity.name)
    return proposal.mpp if proposal else ASSUMED_MPP


def _piece(
    slide: Slide, field: LabelledField, corner: tuple[float, float], step: float
) -> BoxedField:
    region = Box(*corner, step, step)
    image = read_resized(slide, region, width=POOL_SIZE, height=POOL_SIZE)
    factor = POOL_SIZE / step
    near = [box for box in field.boxes if region.contains(*box.box.centre)]
    corners = [
        (b.box.x, b.box.y, b.box.x + b.box.width, b.box.y + b.box.height) for b in near
    ]
    boxes = (np.array(corners).reshape(-1, 4) - np.array(corner * 2)) * factor
    kinds = np.array([kind_of(box) for box in near], np.int64)
    return BoxedField(image, np.clip(boxes, 0, POOL_SIZE).astype(np.float32), kinds)


def kind_of(box: LabelledBox) -> int:
    """The kind of a box in the pools: see `named_fields`."""
    if box.ignored:
        return IGNORED
    if not box.of_interest:
        return REST
    label = box.label
    for word in (label.line, label.word):
        if word in CLASS_OF:
            return FIRST_CLASS + CLASS_OF[word]
    named = _OF_LEE.get(label.class_id or "")
    return FIRST_CLASS + CLASSES.index(named) if named else UNTOLD
