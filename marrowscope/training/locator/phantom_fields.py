"""Drawn fields with their labels, from `marrowscope.phantom`."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from marrowscope.phantom.smear import DrawnField, SmearPlan, draw_field
from marrowscope.training.locator.field import FIELD_MPP, Field
from marrowscope.training.locator.sources import at_mpp

# Seeds from here on belong to training; tests and measurements stay below.
FIRST_TRAINING_SEED = 1_000_000


def phantom_field(seed: int, *, size: int = 288) -> Field:
    """A field of `size` pixels at 0.5 µm per pixel, everything by its seed."""
    return labelled(draw_field(plan_of(seed, size=size)))


def plan_of(seed: int, *, size: int) -> SmearPlan:
    """A plan with its own number of cells, scale, touching and blur."""
    rng = np.random.default_rng(seed)
    mpp = float(rng.choice([0.2, 0.25, 0.25, 0.25, 0.3]))
    side = round(size * FIELD_MPP / mpp)
    area = (size * FIELD_MPP / 144) ** 2
    cells = int(np.exp(rng.uniform(np.log(6), np.log(26))) * area)
    return SmearPlan(
        width=side,
        height=side,
        cells=cells,
        seed=seed,
        mpp=mpp,
        touching=float(rng.uniform(0.2, 0.8)),
        defocus=float(max(rng.normal(0, 0.25), 0)),
        density=float(rng.uniform(0.3, 1.3)),
        debris=float(rng.uniform(0.5, 2.0)),
        dysplasia={key: float(rng.uniform(0, 0.5)) for key in "egm"},
        minimum={"m": int(rng.random() < 0.4 and cells > 11)},
    )


def labelled(drawn: DrawnField) -> Field:
    """A drawn field at 0.5 µm per pixel with cells, nuclei and doubtful boxes."""
    mpp = float(drawn.truth["mpp"])
    image = at_mpp(drawn.pixels, mpp, FIELD_MPP)
    size = image.shape[1], image.shape[0]
    nucleus = np.zeros(drawn.cell_map.shape, np.uint8)
    for cell in drawn.truth["cells"]:
        for part in cell["nucleus"]:
            cv2.fillPoly(nucleus, [np.array(part).round().astype(np.int32)], 1)
    ignore = np.zeros(drawn.cell_map.shape, np.uint8)
    for thing in drawn.truth["doubtful"]:
        _fill_box(ignore, thing)
    cells, nucleus, ignore = (
        cv2.resize(plane, size, interpolation=cv2.INTER_NEAREST)
        for plane in (drawn.cell_map.astype(np.int32), nucleus, ignore)
    )
    return Field(image, cells, nucleus > 0, (ignore > 0) & (cells == 0))


def _fill_box(mask: np.ndarray, thing: dict[str, Any]) -> None:
    x, y, w, h = (round(v) for v in thing["box"])
    mask[max(y - 2, 0) : y + h + 2, max(x - 2, 0) : x + w + 2] = 1
