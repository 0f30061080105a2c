"""Sections of tissue, which are no smears, drawn at 1 µm per pixel.

Sheets of epithelium, wavy fibres with gaps, crowds of small cells, plates without
nuclei and fat lie side by side, in the two colours of a section's stain.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.training.counting_zone.spoiling import Light, Mask, bare, discs, noise

Amount = NDArray[np.float32]  # (H, W) of one dye
_Dyed = tuple[Amount, Amount]  # of nuclei, of all else
_Draw = Callable[[tuple[int, int], np.random.Generator], _Dyed]

# Optical density in red, green and blue: haematoxylin, eosin; then what else is used,
# silver and the brown of antibodies for nuclei, green and blue for fibres.
_NUCLEAR = ((0.9, 1.1, 0.5), (1.1, 1.2, 0.7), (0.6, 0.9, 1.3), (1.0, 0.7, 0.3))
_PLASMA = ((0.1, 0.9, 0.35), (0.2, 0.7, 0.25), (0.8, 0.4, 0.5), (0.1, 0.3, 0.35))
_USUAL = (0.45, 0.3, 0.1, 0.15)  # how often each of them
_EMPTY = 0.05  # optical density of a gap


def section(light: Light, rng: np.random.Generator) -> tuple[Light, Mask]:
    """A section in place of a smear's picture (H, W, 3), and where its tissue is."""
    shape = light.shape[:2]
    clear = bare(light, np.ones(shape, bool), rng)
    mask = _outline(shape, rng)
    nuclear, plasma = _mixed(shape, rng)
    dyes = [
        np.array(kinds[rng.choice(len(kinds), p=_USUAL)])
        * np.exp(rng.normal(0, 0.2, 3))
        for kinds in (_NUCLEAR, _PLASMA)
    ]
    thickness = rng.uniform(0.5, 1.5) * (1 + 0.15 * noise(shape, 120, rng))
    dense = nuclear[..., None] * dyes[0] + plasma[..., None] * dyes[1]
    dense *= (thickness.clip(0.3) * mask)[..., None]
    filled = cv2.blur((dense.mean(axis=2) > _EMPTY).astype(np.float32), (32, 32))
    dense = cv2.GaussianBlur(dense.astype(np.float32), (0, 0), rng.uniform(0.5, 1.1))
    # What lies between a section and its cover glass is never quite clear.
    haze = rng.uniform(0, 0.06) + 0.015 * noise(shape, 200, rng)[..., None]
    dense = dense + np.clip(haze, 0, None)
    return (clear * np.exp(-dense)).astype(np.float32), filled > 0.4


def _outline(shape: tuple[int, int], rng: np.random.Generator) -> Mask:
    """A broad piece, or thin ones as a needle takes them."""
    rough = noise(shape, rng.uniform(150, 700), rng) + 0.1 * noise(shape, 20, rng)
    if rng.random() < 0.35:
        return np.abs(rough) < rng.uniform(0.25, 0.8)
    return rough > rng.uniform(-1.6, 0.4)


def _mixed(shape: tuple[int, int], rng: np.random.Generator) -> _Dyed:
    """Two to four kinds of tissue side by side."""
    kinds = [_KINDS[k] for k in rng.permutation(len(_KINDS))[: rng.integers(2, 5)]]
    height = noise(shape, rng.uniform(100, 400), rng)
    borders = np.sort(rng.normal(0, 0.8, len(kinds) - 1))
    nuclear, plasma = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for draw, (low, high) in zip(
        kinds, pairwise([-np.inf, *borders, np.inf]), strict=True
    ):
        here = (height >= low) & (height < high)
        for whole, part in zip((nuclear, plasma), draw(shape, rng), strict=True):
            whole[here] = part[here]
    return nuclear, plasma


def _epithelium(shape: tuple[int, int], rng: np.random.Generator) -> _Dyed:
    """Cells in rows, each nucleus as far from the next as a cell is wide."""
    apart = rng.uniform(8, 18)
    nuclei = _spaced(shape, apart, apart * rng.uniform(0.22, 0.38), rng)
    body = rng.uniform(0.4, 1.1) * (1 + 0.2 * noise(shape, 30, rng))
    haze = rng.uniform(0.05, 0.5)
    return nuclei * rng.uniform(0.7, 2.2) + haze, body.clip(0.05).astype(np.float32)


def _fibres(shape: tuple[int, int], rng: np.random.Generator) -> _Dyed:
    """Bundles that run in waves, torn apart here and there; few, long nuclei."""
    strands = _streaked(shape, rng)
    body = (rng.uniform(0.3, 0.9) * (1 + 0.8 * strands)).clip(0)
    body[_streaked(shape, rng) > rng.uniform(0.8, 2.5)] = 0
    sparse = discs(shape, rng.uniform(4, 7), rng, packed=rng.uniform(0.01, 0.1))
    return sparse * rng.uniform(0.7, 2.2), body.astype(np.float32)


def _crowd(shape: tuple[int, int], rng: np.random.Generator) -> _Dyed:
    """Small round cells side by side, as in a lymph node or marrow, and their fat."""
    small = discs(shape, rng.uniform(5, 9), rng, packed=rng.uniform(0.3, 1.2))
    nuclei = small * (1 + 0.4 * noise(shape, 5, rng)).clip(0.2)
    body = np.full(shape, rng.uniform(0.1, 0.7), np.float32)
    solid = 1 - discs(shape, rng.uniform(25, 70), rng, packed=rng.uniform(0, 0.6))
    return nuclei * solid * rng.uniform(0.6, 2.0), body * solid


def _plates(shape: tuple[int, int], rng: np.random.Generator) -> _Dyed:
    """Muscle, horn or bone: even or finely streaked, hardly a nucleus."""
    body = rng.uniform(0.5, 1.6) * (1 + rng.uniform(0.05, 0.4) * _streaked(shape, rng))
    dark = rng.uniform(0, 0.6) * (_streaked(shape, rng) > rng.uniform(0, 2))
    return dark.astype(np.float32), body.clip(0.05).astype(np.float32)


def _adipose(shape: tuple[int, int], rng: np.random.Generator) -> _Dyed:
    """Empty cells 40 to 90 µm wide with thin walls."""
    walls = 1 - discs(shape, rng.uniform(40, 90), rng, packed=rng.uniform(1.0, 2.0))
    specks = discs(shape, 5, rng, packed=0.01)
    return walls * specks, walls * rng.uniform(0.3, 0.9)


_KINDS: tuple[_Draw, ...] = (_epithelium, _fibres, _crowd, _plates, _adipose)


def _streaked(shape: tuple[int, int], rng: np.random.Generator) -> Amount:
    """Noise (H, W) of deviation 1 drawn out along lines that wander."""
    long = int(rng.uniform(15, 90))
    straight = cv2.blur(noise(shape, rng.uniform(1.5, 8), rng), (1, long))
    ys, xs = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    turn = rng.uniform(0, np.pi)
    wander = rng.uniform(5, 60) * noise(shape, rng.uniform(60, 250), rng)
    across = xs * np.cos(turn) + ys * np.sin(turn) + wander
    along = ys * np.cos(turn) - xs * np.sin(turn)
    bent = cv2.remap(
        straight,
        across.astype(np.float32),
        along.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )
    return (bent / max(float(bent.std()), 1e-6)).astype(np.float32)


def _spaced(
    shape: tuple[int, int], apart: float, radius: float, rng: np.random.Generator
) -> Amount:
    """Oval nuclei on a shaken grid, in a picture (H, W)."""
    drawn = np.zeros(shape, np.uint8)
    ys, xs = np.mgrid[0 : shape[0] : apart, 0 : shape[1] : apart]
    shaken = np.stack([xs, ys], axis=-1).reshape(-1, 2)
    shaken = shaken + rng.normal(0, 0.25 * apart, shaken.shape)
    stretch, turn = rng.uniform(1, 2.2), rng.uniform(0, 180)
    for x, y in shaken:
        size = radius * rng.uniform(0.7, 1.3)
        axes = max(round(size * stretch**0.5), 1), max(round(size / stretch**0.5), 1)
        angle, shade = turn + rng.normal(0, 25), int(rng.integers(120, 256))
        cv2.ellipse(drawn, (int(x), int(y)), axes, angle, 0, 360, shade, -1)
    return drawn.astype(np.float32) / 255
