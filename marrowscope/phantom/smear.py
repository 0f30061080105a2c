"""Fields and single cells in memory: the phantom's door for training and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.phantom import stain as stains
from marrowscope.phantom import truth
from marrowscope.phantom.cells.drawing import Subject, draw
from marrowscope.phantom.painting import Painted, paint
from marrowscope.phantom.placing import Placed, choose_lines, dysplastic, place
from marrowscope.phantom.plan import MARROW, SmearPlan
from marrowscope.phantom.stain import Stain
from marrowscope.phantom.window import Window
from marrowscope.phantom.zones import Zoning

__all__ = ["MARROW", "DrawnCell", "DrawnField", "SmearPlan", "draw_cell", "draw_field"]

_LARGEST = 4096  # pixels a side of a field in memory


@dataclass(frozen=True)
class DrawnField:
    """A field: ``pixels`` (H, W, 3) uint8 RGB, ``truth`` as in ``OUT.json``,
    ``cell_map`` (H, W) int32: 0 background, else 1 + index into ``truth["cells"]``."""

    pixels: np.ndarray
    truth: dict[str, Any]
    cell_map: np.ndarray


@dataclass(frozen=True)
class DrawnCell:
    """A crop: ``pixels`` (S, S, 3) uint8 RGB, ``mask`` and ``nucleus`` (S, S) bool,
    its ``lee`` class, taxonomy line, grades above 0, and microns per pixel."""

    pixels: np.ndarray
    mask: np.ndarray
    nucleus: np.ndarray
    cell_class: str
    line: str
    grades: dict[str, int]
    mpp: float


def draw_field(plan: SmearPlan) -> DrawnField:
    """Draw a whole plan in memory.

    Raises MarrowScopeError when a side is over 4,096 pixels (use ``slide.write_slide``)
    or the cells do not fit.
    """
    if max(plan.width, plan.height) > _LARGEST:
        raise MarrowScopeError(
            f"A field of {plan.width}x{plan.height} pixels is too large for memory.",
            f"Draw at most {_LARGEST} pixels a side, or write a slide.",
        )
    placed = place(plan)
    window = Window(0, 0, plan.width, plan.height, plan.mpp)
    painted = paint(plan, placed, window, noise_seed=0)
    keys = sorted(painted.records)
    lookup = np.zeros(2 * len(placed) + 3, np.int32)
    lookup[keys] = np.arange(1, len(keys) + 1)
    cells = [painted.records[key] for key in keys]
    return DrawnField(
        painted.pixels,
        describe(plan, cells, list(painted.doubtful.values())),
        lookup[painted.cell_map],
    )


def describe(
    plan: SmearPlan, cells: list[dict[str, Any]], doubtful: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the truth document of a plan."""
    zones = Zoning(plan.width, plan.height, plan.seed, plan.zone).describe()
    about = {
        "mpp": plan.mpp,
        "width": plan.width,
        "height": plan.height,
        "seed": plan.seed,
    }
    return truth.document(cells, doubtful=doubtful, zones=zones, about=about)


def draw_cell(
    kind: str,
    features: Mapping[str, int] | None = None,
    *,
    seed: int,
    mpp: float = 0.2,
    stain: Stain | None = None,
    side: int = 128,
    defocus: float = 0.0,
) -> DrawnCell:
    """Draw a crop centred on one cell, with red cells and neighbours around it.

    ``kind`` is a taxonomy line or a ``lee`` class (its line, and for ED, GD and MD its
    grades, are then drawn by lot); ``features`` are grades 1 to 3 by name. A cell too
    large for the crop is drawn at a coarser scale, so that it fits with 15 % to spare.
    Raises MarrowScopeError for an unknown kind or a feature the kind cannot show.
    """
    rng = np.random.default_rng([seed, 6])
    line, grades = _choose(kind, dict(features or {}), rng)
    subject = Subject(line, int(rng.integers(2**48)), grades)
    extent, middle = _extent(subject)
    mpp = max(mpp, extent * 1.15 / side)
    lab = stain or stains.laboratory(int(rng.integers(2**31)))
    zone = str(rng.choice(["thin", "thin", "thin", "edge", "thick"]))
    plan = SmearPlan(
        side,
        side,
        1,
        int(rng.integers(2**31)),
        mpp=mpp,
        stain=lab,
        zone=zone,
        density=float(rng.uniform(0.3, 1.6)),
        defocus=defocus,
    )
    at = (side / 2 - middle[0] / mpp, side / 2 - middle[1] / mpp)
    placed = [Placed(subject, at, zone, False), *_neighbours(subject, plan, rng)]
    painted = paint(plan, placed, Window(0, 0, side, side, mpp), noise_seed=0)
    return _cut_out(painted, subject, mpp)


def _choose(
    kind: str, features: dict[str, int], rng: np.random.Generator
) -> tuple[str, dict[str, int]]:
    """Return the line and grades meant by a line or a class."""
    if kind in ("ED", "GD", "MD") and not features:
        return dysplastic(kind[0].lower(), rng)
    if features and kind in truth.CLASSES:
        carriers = [set(truth.CARRIERS.get(name, ())) for name in features]
        able = sorted(set.intersection(*carriers))
        line = able[int(rng.integers(len(able)))] if able else kind
    elif kind in truth.CLASSES:
        whole = {k: v for k, v in MARROW.items() if truth.class_of(k, {}) == kind}
        line = choose_lines(SmearPlan(8, 8, 1, 0, mix=whole), rng)[0] if whole else kind
    else:
        line = kind
    wrong = [f for f in features if line not in truth.CARRIERS.get(f, ())]
    if line not in truth.LINES or wrong:
        shown = f" with {', '.join(wrong)}" if wrong else ""
        raise MarrowScopeError(
            f"No phantom cell of kind {kind}{shown} can be drawn.",
            "Choose a line of the taxonomy and features of its own series.",
        )
    return line, {name: value for name, value in features.items() if value}


def _extent(subject: Subject) -> tuple[float, tuple[float, float]]:
    """Return the longer side of the cell's box and its middle's offset, in microns."""
    mpp = 0.4
    drawing, corner = draw(subject, (0.0, 0.0), mpp=mpp)
    inside = drawing.members[0].body > 0.5
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    if not len(rows):
        return 2 * subject.radius, (0.0, 0.0)
    side = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    x = corner[0] + (columns[0] + columns[-1] + 1) / 2
    y = corner[1] + (rows[0] + rows[-1] + 1) / 2
    return float(side) * mpp, (float(x) * mpp, float(y) * mpp)


def _neighbours(
    subject: Subject, plan: SmearPlan, rng: np.random.Generator
) -> list[Placed]:
    """Return up to four cells beside the subject in the crop's middle."""
    middle = np.array([plan.width / 2, plan.height / 2])
    zone = plan.zone or "thin"
    placed = []
    turn = float(rng.uniform(0, 2 * np.pi))
    for number in range(int(rng.choice(5, p=[0.3, 0.25, 0.2, 0.15, 0.1]))):
        line = choose_lines(SmearPlan(8, 8, 1, 0), rng)[0]
        if line == "megakaryocyte":
            line = "myelocyte"
        other = Subject(line, int(rng.integers(2**48)))
        angle = turn + number * 1.57 + float(rng.uniform(-0.2, 0.2))
        reach = (subject.room + other.room) * float(rng.uniform(0.95, 1.35)) / plan.mpp
        at = middle + reach * np.array([np.cos(angle), np.sin(angle)])
        placed.append(Placed(other, (float(at[0]), float(at[1])), zone, False))
    return placed


def _cut_out(painted: Painted, subject: Subject, mpp: float) -> DrawnCell:
    nucleus = np.zeros(painted.cell_map.shape, np.uint8)
    parts = [np.array(part, np.int32) for part in painted.records[1]["nucleus"]]
    cv2.fillPoly(nucleus, parts, 1)
    return DrawnCell(
        painted.pixels,
        painted.cell_map == 1,
        nucleus > 0,
        truth.class_of(subject.line, subject.grades),
        subject.line,
        dict(subject.grades),
        mpp,
    )
