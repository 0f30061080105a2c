"""Low-power pictures of drawn smears, and which of their bodies are megakaryocytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.imaging.counting_zone.zone_map import (
    DEFOCUS,
    EDGE,
    SMUDGED,
    THICK,
    THIN,
)
from marrowscope.imaging.megakaryocytes.profiles import MPP, bodies
from marrowscope.phantom.plan import MARROW, SmearPlan
from marrowscope.phantom.smear import draw_field
from marrowscope.training.counting_zone.drawing import (
    DRAWN_MPP,
    KNOWN,
    SIDE_UM,
    spoilt,
    staining_of_picture,
    zones_of,
)

ROUNDS = 4  # versions of every drawn smear, one of them unspoilt
_MIX = {**MARROW, "megakaryocyte": 12.0}
_WHOLE = (THIN, THICK, EDGE)
_UNTOLD = (SMUDGED, DEFOCUS)  # what lies there may still be seen: nothing is learned


@dataclass(frozen=True, slots=True)
class Seen:
    """The bodies (N) of one picture.

    `measured` (N, K) profiles; `cell` (N,) the megakaryocyte a body lies in, -1 for
    none; `large` (N,) True in one that is no micromegakaryocyte; `told` (N,) False
    where nothing is known of it. `visible_large`, `visible_micro`: the megakaryocytes
    of the picture that nothing covers.
    """

    measured: NDArray[np.float32]
    cell: NDArray[np.intp]
    large: NDArray[np.bool_]
    told: NDArray[np.bool_]
    visible_large: NDArray[np.intp]
    visible_micro: NDArray[np.intp]
    spoilt: bool


def versions(seed: int) -> Iterator[Seen]:
    """What is seen of a drawn smear as it is, and of spoilt ones."""
    picture, cells = _drawn(seed)
    zones = zones_of(seed)
    for turn in range(ROUNDS):
        rng = np.random.default_rng([seed, turn])
        shown, said = spoilt(picture, zones, rng) if turn else (picture, zones)
        yield _seen(shown, said, cells, spoilt=turn > 0)


def _drawn(seed: int) -> tuple[NDArray[np.uint8], Sequence[Mapping[str, Any]]]:
    """A smear (H, W, 3) at 1 µm per pixel, and its megakaryocytes (level-0 boxes)."""
    rng = np.random.default_rng([seed, 9])
    side = round(SIDE_UM / DRAWN_MPP)
    plan = SmearPlan(
        side,
        side,
        cells=int(rng.integers(220, 420)),
        seed=seed,
        mpp=DRAWN_MPP,
        mix=_MIX,
        dysplasia={"e": 0.12, "g": 0.08, "m": 0.4},
        density=float(rng.uniform(0.8, 1.12)),
        debris=float(rng.uniform(0.3, 1.5)),
        defocus=float(rng.uniform(0, 0.3)),
    )
    field = draw_field(plan)
    small = cv2.resize(field.pixels, (SIDE_UM, SIDE_UM), interpolation=cv2.INTER_AREA)
    giants = [c for c in field.truth["cells"] if c["line"] == "megakaryocyte"]
    return np.asarray(small, np.uint8), giants


def _seen(
    picture: NDArray[np.uint8],
    zones: NDArray[np.uint8],
    cells: Sequence[Mapping[str, Any]],
    *,
    spoilt: bool,
) -> Seen:
    side = round(SIDE_UM / MPP)
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    staining = staining_of_picture(picture)
    places, measured = bodies(np.asarray(small, np.uint8), staining)
    at = ((places + 0.5) * MPP).astype(np.intp)
    zone = zones[at[:, 1], at[:, 0]]
    whole = np.isin(zone, _numbers(_WHOLE))
    cell = np.full(len(places), -1)
    for number, one in enumerate(cells):
        x, y, width, height = (side * DRAWN_MPP for side in one["box"])
        inside = (at >= (x, y)).all(axis=1) & (at < (x + width, y + height)).all(axis=1)
        cell[inside & whole] = number
    micro = np.array(["m_micromegakaryocyte" in one["grades"] for one in cells], bool)
    visible = np.array([_visible(one, zones) for one in cells], bool)
    return Seen(
        measured=measured,
        cell=cell,
        large=(cell >= 0) & ~micro[cell],
        told=~np.isin(zone, _numbers(_UNTOLD)),
        visible_large=np.flatnonzero(visible & ~micro),
        visible_micro=np.flatnonzero(visible & micro),
        spoilt=spoilt,
    )


def _numbers(names: Sequence[str]) -> list[int]:
    return [KNOWN.index(name) for name in names]


def _visible(one: Mapping[str, Any], zones: NDArray[np.uint8]) -> bool:
    x, y, width, height = (round(side * DRAWN_MPP) for side in one["box"])
    part = zones[y : y + height, x : x + width]
    return bool(part.size) and bool(np.isin(part, _numbers(_WHOLE)).all())
