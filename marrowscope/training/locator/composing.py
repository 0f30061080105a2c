"""Composed fields: real cells laid singly and touching on red cells, film and glass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np

from marrowscope.training.locator.canvas import Canvas, Stamp
from marrowscope.training.locator.cutouts import CutOut, CutOutBank
from marrowscope.training.locator.drawn_cells import (
    has_round_nucleus,
    smooth_noise,
    with_drawn_cytoplasm,
)
from marrowscope.training.locator.field import Field

Item = TypeVar("Item")

BARE_FIELDS = 0.06
DRAWN_CYTOPLASM = 0.24
DOUBTFUL = 0.03


@dataclass(frozen=True)
class Style:
    """How one laboratory's field looks."""

    glass: np.ndarray  # RGB (3,)
    cell_gain: np.ndarray  # of the dyes, (3,)
    red_gain: np.ndarray
    reference: np.ndarray  # nuclear density everything is drawn towards, (3,)
    pull: float  # how far
    scale: float
    marrow_share: float  # of the cells


class Composer:
    """Makes fields without end from one bank of cut-outs."""

    def __init__(self, bank: CutOutBank, *, size: int = 288) -> None:
        self.bank = bank
        self.size = size
        self.marrow = [cut for cut in bank.cells if cut.source == "mll_marrow"]
        self.blood = [cut for cut in bank.cells if cut.source != "mll_marrow"]
        self.round = [cut for cut in bank.cells if has_round_nucleus(cut)]

    def compose(
        self, rng: np.random.Generator, *, canvas: Canvas | None = None
    ) -> Field:
        """One field; on the `canvas` given, which may remember what is laid on it."""
        canvas = Canvas(self.size) if canvas is None else canvas
        style = self.style(rng)
        self._lay_red_cells(canvas, style, rng)
        self._lay_platelets(canvas, style, rng)
        if rng.random() > BARE_FIELDS:
            self._lay_cells(canvas, style, rng)
        draw_debris(canvas, rng)
        draw_fat(canvas, rng)
        draw_film(canvas, rng)
        return canvas.picture(style.glass)

    def style(self, rng: np.random.Generator) -> Style:
        """A random laboratory."""
        glass = pick(self.bank.glass, rng) + rng.normal(0, 8, 3)
        if rng.random() < 0.35:  # a camera's own white
            glass = rng.uniform(170, 250) * (1 + rng.normal(0, 0.07, 3))
        tone = rng.normal(0, 0.18)
        return Style(
            glass=np.clip(glass, 130, 254),
            cell_gain=np.exp(tone + rng.normal(0, 0.12, 3)),
            red_gain=np.exp(rng.normal(-0.1, 0.25) + rng.normal(0, 0.2, 3)),
            reference=nuclear_density(pick(self.bank.cells, rng)),
            pull=rng.uniform(0.0, 0.8),
            scale=rng.uniform(0.82, 1.12),
            marrow_share=rng.choice([0.15, 0.5, 0.8, 0.95]),
        )

    def _lay_cells(
        self, canvas: Canvas, style: Style, rng: np.random.Generator
    ) -> None:
        wanted = int(
            np.exp(rng.uniform(np.log(4), np.log(110))) * (self.size / 288) ** 2
        )
        crowd, cling = rng.uniform(0.03, 0.16), rng.uniform(0.1, 0.9)
        laid: list[tuple[float, float, float]] = []
        for _ in range(int(wanted * 1.6)):
            stamp = self._stamp(self._pick_cell(style, rng), style, rng)
            x, y = self._spot(laid, stamp.radius, cling, rng)
            if rng.random() < DOUBTFUL:
                canvas.lay_doubtful(_smudged(stamp), x, y)
            elif canvas.lay_cell(stamp, x, y, crowd=crowd):
                laid.append((x, y, stamp.radius))
            if len(laid) >= wanted:
                break

    def _pick_cell(self, style: Style, rng: np.random.Generator) -> CutOut:
        if rng.random() < DRAWN_CYTOPLASM:
            return with_drawn_cytoplasm(pick(self.round, rng), rng)
        marrow = rng.random() < style.marrow_share
        return pick(self.marrow if marrow and self.marrow else self.blood, rng)

    def _stamp(self, cut: CutOut, style: Style, rng: np.random.Generator) -> Stamp:
        own = np.maximum(nuclear_density(cut), 0.15)
        gain = style.cell_gain * (style.reference / own) ** style.pull
        gain = np.clip(gain, 0.4, 2.2) * np.exp(rng.normal(0, 0.06, 3))
        scale = style.scale * np.clip(np.exp(rng.normal(0, 0.1)), 0.8, 1.25)
        return Stamp(cut, scale=scale, angle=rng.uniform(0, 360), gain=gain)

    def _spot(
        self,
        laid: list[tuple[float, float, float]],
        radius: float,
        cling: float,
        rng: np.random.Generator,
    ) -> tuple[float, float]:
        if laid and rng.random() < cling:
            x, y, other = laid[rng.integers(len(laid))]
            away = (radius + other) * rng.uniform(0.86, 1.12)
            angle = rng.uniform(0, 2 * np.pi)
            return x + away * np.cos(angle), y + away * np.sin(angle)
        x, y = rng.uniform(-6, self.size + 6, 2)
        return float(x), float(y)

    def _lay_red_cells(
        self, canvas: Canvas, style: Style, rng: np.random.Generator
    ) -> None:
        if not self.bank.red_cells:
            return
        source = pick(self.bank.red_cells, rng).source
        kin = [cut for cut in self.bank.red_cells if cut.source == source]
        count = int(rng.choice([0.0, 0.1, 0.3, 0.6, 1.0]) * rng.uniform(80, 380))
        x, y = rng.uniform(0, self.size, 2)
        chain = rng.uniform(0, 0.8)
        for _ in range(int(count * (self.size / 288) ** 2)):
            cut, scale = pick(kin, rng), style.scale * rng.uniform(0.85, 1.15)
            gain = style.red_gain * np.exp(rng.normal(0, 0.08))
            stamp = Stamp(cut, scale=scale, angle=rng.uniform(0, 360), gain=gain)
            if rng.random() < chain:
                x, y = np.array([x, y]) + rng.normal(0, 1.3, 2) * stamp.radius
            else:
                x, y = rng.uniform(0, self.size, 2)
            canvas.lay_background(stamp, float(x), float(y))

    def _lay_platelets(
        self, canvas: Canvas, style: Style, rng: np.random.Generator
    ) -> None:
        if not self.bank.platelets:
            return
        clumps = rng.poisson(1.2)
        for _ in range(clumps + rng.poisson(4)):
            x, y = rng.uniform(0, self.size, 2)
            members = rng.integers(3, 22) if rng.random() < 0.25 else 1
            for _ in range(members):
                cut = pick(self.bank.platelets, rng)
                scale = rng.uniform(0.7, 1.5) * (1.8 if rng.random() < 0.06 else 1.0)
                gain = style.cell_gain * rng.uniform(0.6, 1.3)
                stamp = Stamp(cut, scale=scale, angle=rng.uniform(0, 360), gain=gain)
                away = rng.normal(0, 1.2 * np.sqrt(members), 2) * stamp.radius
                canvas.lay_background(stamp, float(x + away[0]), float(y + away[1]))


def nuclear_density(cut: CutOut) -> np.ndarray:
    """Mean density of a cell's nucleus, (3,)."""
    inside = cut.nucleus > 0 if cut.nucleus.any() else cut.cell > 0
    return cut.density[inside].astype(np.float32).mean(axis=0)


def _smudged(stamp: Stamp) -> Stamp:
    stamp.density = cv2.GaussianBlur(stamp.density, (0, 0), 4.0) * 0.8
    stamp.alpha = cv2.GaussianBlur(stamp.alpha, (0, 0), 3.0)
    return stamp


def draw_film(canvas: Canvas, rng: np.random.Generator) -> None:
    """Stained plasma between the cells: a tint, clouds, torn blots and specks.

    Its colours are those of pale cytoplasm: only an outline round a nucleus makes a
    cell. It is thick where cells are few, and fills the gaps of a group.
    """
    shape = canvas.cells.shape
    colour = rng.dirichlet((2.5, 2.2, 1.2)).astype(np.float32)
    cloud = 1 + 0.35 * smooth_noise(shape, rng.uniform(4, 40), rng)
    thickness = rng.choice([0.0, 0.08, 0.2, 0.4, 0.7]) * rng.uniform(0.5, 1.3)
    film = np.maximum(cloud, 0)[..., None] * colour * thickness
    film += blots(shape, rng)[..., None] * rng.dirichlet((2, 2, 1)).astype(np.float32)
    free = np.exp(-canvas.density.sum(axis=-1) / 0.4)[..., None]
    canvas.density += film * (0.3 + 0.7 * free)
    if rng.random() < 0.5:
        grain = np.maximum(smooth_noise(shape, 0.7, rng) - 1.6, 0)
        tint = rng.uniform(0.05, 0.3, 3) * (1.0, 1.1, 0.5)
        canvas.density += grain[..., None] * tint.astype(np.float32) * free


def blots(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Pale torn patches as of spilt cytoplasm, total density (H, W)."""
    if rng.random() < 0.45:
        return np.zeros(shape, np.float32)
    patchy = smooth_noise(shape, float(np.exp(rng.uniform(0.7, 3.0))), rng)
    spread = smooth_noise(shape, 45.0, rng)
    level = rng.uniform(0.6, 2.2)
    sharp = rng.uniform(1.0, 5.0)
    patch = 1 / (1 + np.exp(-sharp * (patchy + 0.7 * spread - level)))
    return (patch * rng.uniform(0.1, 0.9)).astype(np.float32)


def draw_fat(canvas: Canvas, rng: np.random.Generator) -> None:
    """Empty round holes of fat, some with a dark edge; cells lie over them."""
    if rng.random() > 0.4:
        return
    for _ in range(rng.integers(1, 9)):
        hole = np.zeros(canvas.cells.shape, np.float32)
        spot = tuple(int(v) for v in rng.uniform(0, len(hole), 2))
        radius = int(np.exp(rng.uniform(np.log(3), np.log(45))))
        cv2.circle(hole, spot, radius, 1.0, -1)
        hole = cv2.GaussianBlur(hole, (0, 0), 1.0) * (canvas.cells == 0)
        rim = np.abs(cv2.GaussianBlur(hole, (0, 0), 1.5) - hole)
        canvas.density *= 1 - hole[..., None]
        canvas.density += rim[..., None] * np.float32(rng.uniform(0, 0.8))


def draw_debris(canvas: Canvas, rng: np.random.Generator) -> None:
    """Dye precipitate and fibres."""
    layer = np.zeros(canvas.cells.shape, np.float32)
    for _ in range(rng.poisson(0.7)):
        centre = rng.uniform(0, len(layer), 2)
        for spot in rng.normal(centre, rng.uniform(2, 9), (rng.integers(3, 40), 2)):
            cv2.circle(
                layer, tuple(int(v) for v in spot), int(rng.integers(0, 2)), 1, -1
            )
    for _ in range(rng.poisson(0.3)):
        walk = np.cumsum(rng.normal(rng.normal(0, 3, 2), 2.0, (40, 2)), axis=0)
        points = (walk + rng.uniform(0, len(layer), 2)).astype(np.int32)
        cv2.polylines(layer, [points], False, 0.7, int(rng.integers(1, 3)))
    colour = rng.uniform(0.3, 1.6) * rng.uniform(0.5, 1.0, 3) * (1.0, 1.1, 0.7)
    soft = cv2.GaussianBlur(layer, (0, 0), 0.6)[..., None]
    canvas.density += soft * colour.astype(np.float32)


def pick(items: list[Item], rng: np.random.Generator) -> Item:
    """One item at random."""
    return items[int(rng.integers(len(items)))]
