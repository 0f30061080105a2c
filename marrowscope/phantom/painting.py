"""Painting one window of a placed smear: pixels, the map of its cells, their truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from marrowscope.phantom import background, optics, red_cells, stain, truth
from marrowscope.phantom.cells.drawing import draw
from marrowscope.phantom.placing import Placed
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.sheet import HAEM
from marrowscope.phantom.window import Window
from marrowscope.phantom.zones import Zoning


@dataclass
class Painted:
    """A painted window: pixels (H, W, 3) uint8, ``cell_map`` (H, W) int32, 0 where no
    cell is, else 1 + the number of the placed subject times 2 (+1: its partner);
    ``records`` by that number, ``doubtful`` entries by the placed subject."""

    pixels: np.ndarray
    cell_map: np.ndarray
    records: dict[int, dict[str, Any]] = field(default_factory=dict)
    doubtful: dict[int, dict[str, Any]] = field(default_factory=dict)


@dataclass
class _Canvas:
    """Dyes (H, W, 4) of the nucleated cells, their cover (H, W) and map (H, W)."""

    window: Window
    dyes: np.ndarray
    cover: np.ndarray
    owner: np.ndarray


def paint(
    plan: SmearPlan, placed: Sequence[Placed], window: Window, *, noise_seed: int
) -> Painted:
    """Paint a window of the smear; the same place looks alike from every window."""
    lab = plan.laboratory()
    margin = int(np.ceil(optics.MARGIN_UM / plan.mpp))
    wide = window.grown(margin)
    canvas = _blank(wide)
    painted = Painted(np.empty(0), np.empty(0))
    for number, one in enumerate(placed):
        if wide.near(*one.at, one.subject.half / plan.mpp + 2):
            _paint_cell(canvas, painted, number, one, plan)
    light = _shine(plan, lab, placed, canvas)
    inner = (slice(margin, -margin), slice(margin, -margin))
    zoning = _zoning(plan)
    spread = np.add(zoning.defocus(wide), plan.defocus)
    light = optics.blur(light, lab, plan.mpp, spread)[inner]
    rng = np.random.default_rng([plan.seed, 4, noise_seed])
    painted.pixels = optics.photograph(light, lab, rng)
    painted.cell_map = canvas.owner[inner].copy()
    return painted


def _zoning(plan: SmearPlan) -> Zoning:
    return Zoning(plan.width, plan.height, plan.seed, plan.zone)


def _blank(window: Window) -> _Canvas:
    return _Canvas(
        window,
        np.zeros((*window.shape, 4), np.float32),
        np.zeros(window.shape, np.float32),
        np.zeros(window.shape, np.int32),
    )


def _paint_cell(
    canvas: _Canvas, painted: Painted, number: int, one: Placed, plan: SmearPlan
) -> None:
    """Draw one placed subject on the canvas and keep its truth."""
    drawing, corner = draw(one.subject, one.at, mpp=plan.mpp)
    part, here = background.overlap(canvas.window, corner, drawing.dyes.shape[:2])
    whole = np.maximum.reduce([member.body for member in drawing.members])
    # Cells lie beside each other: the later one shows little where it is under another.
    free = 1.0 - 0.85 * canvas.cover[here]
    canvas.dyes[here] += drawing.dyes[part] * free[..., None]
    canvas.cover[here] = np.maximum(canvas.cover[here], whole[part])
    size = (plan.width, plan.height)
    for order, member in enumerate(drawing.members):
        entry = truth.record(member, corner, zone=one.zone, size=size)
        if one.doubtful:
            why = one.subject.line.replace("_", " ")
            painted.doubtful[number] = {"box": entry["box"], "why": why}
            continue
        key = 2 * number + order + 1
        painted.records[key] = entry
        owner = canvas.owner[here]
        owner[(member.body[part] > 0.5) & (owner == 0)] = key


def _shine(
    plan: SmearPlan,
    lab: stain.Stain,
    placed: Sequence[Placed],
    canvas: _Canvas,
) -> np.ndarray:
    """Return the light (H, W, 3) behind everything that lies in the window."""
    window = canvas.window
    zoning = _zoning(plan)
    holes = background.fat(window, seed=plan.seed, amount=plan.debris)
    cells = _obstacles(plan, placed, window)
    dyes = background.film(window, lab, plan.seed)
    crowd = np.asarray(zoning.crowd(window)) * plan.density
    clump = 1.0 + 0.7 * window.smooth(30.0, plan.seed) + 0.3 * window.smooth(80.0, 2)
    reds = red_cells.lay(
        window,
        seed=plan.seed,
        crowd=np.asarray(crowd * clump),
        pallor=lab.pallor,
        pile=lab.pile,
        obstacles=[*holes, *cells],
    )
    dyes *= (1.0 - 0.75 * np.minimum(reds, 1.0))[..., None]
    dyes[..., HAEM] += reds * (1.0 - 0.9 * canvas.cover)
    background.platelets(window, dyes, seed=plan.seed, amount=plan.debris)
    background.deposit(window, dyes, seed=plan.seed, amount=plan.debris)
    bare = background.emptiness(window, _clear_of(holes, cells))
    dyes *= (bare * (1.0 - 0.5 * canvas.cover))[..., None]
    strength = np.asarray(zoning.strength(window)) * (
        1.0 + 0.05 * window.smooth(600.0, plan.seed + 40)
    )
    dyes += canvas.dyes * np.asarray(strength, np.float32)[..., None]
    return stain.colour(dyes, lab, optics.lamp(window, seed=plan.seed))


def _obstacles(
    plan: SmearPlan, placed: Sequence[Placed], window: Window
) -> list[red_cells.Obstacle]:
    """Return the cells near a window as (x, y, radius) in microns."""
    found = []
    for one in placed:
        if window.near(*one.at, (one.subject.half + 120) / plan.mpp):
            x, y = one.at[0] * plan.mpp, one.at[1] * plan.mpp
            radius = one.subject.radius
            found += [(x + dx, y + dy, radius) for dx, dy, _ in one.subject.discs]
    return found


def _clear_of(
    holes: list[red_cells.Obstacle], cells: list[red_cells.Obstacle]
) -> list[red_cells.Obstacle]:
    """Return the fat holes that no cell lies in."""
    return [
        hole
        for hole in holes
        if all(
            np.hypot(hole[0] - cell[0], hole[1] - cell[1]) > hole[2] + 0.7 * cell[2]
            for cell in cells
        )
    ]
