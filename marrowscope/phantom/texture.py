"""Textures of a chosen grain in microns, cut from a few noise sheets made once."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

SIDE = 512
GRAIN = 16.0  # pixels of a sheet per grain of its texture


def _band(seed: int) -> np.ndarray:
    """Return noise of one wavelength, mean 0, deviation 1, that wraps around."""
    noise = np.random.default_rng(seed).standard_normal((SIDE, SIDE))
    freq = np.fft.fftfreq(SIDE)
    radius = np.hypot(freq[:, None], freq[None, :]) * GRAIN
    # Round one wavelength, but with coarser and finer parts: nothing grows like a net.
    octaves = np.log2(np.maximum(radius, 1e-3))
    kept = np.fft.ifft2(np.fft.fft2(noise) * np.exp(-((octaves / 0.8) ** 2))).real
    return ((kept - kept.mean()) / kept.std()).astype(np.float32)


def _beads(seed: int) -> np.ndarray:
    """Return granules of unequal size and strength, about one per grain, 0 to 1."""
    rng = np.random.default_rng(seed)
    count = int(SIDE / GRAIN)
    sheet = np.zeros((3 * SIDE, 3 * SIDE), np.float32)
    for row, column in np.ndindex(count, count):
        at = (
            np.array([column + 0.5 * (row % 2), row]) + rng.uniform(-0.3, 0.3, 2)
        ) * 16
        radius, strength = rng.uniform(3.5, 6.5), rng.uniform(0.45, 1.0)
        for dx, dy in np.ndindex(3, 3):
            centre = (int(at[0] + dx * SIDE), int(at[1] + dy * SIDE))
            cv2.circle(sheet, centre, round(radius), float(strength), -1)
    blurred = cv2.GaussianBlur(sheet, (0, 0), 1.6)
    return blurred[SIDE : 2 * SIDE, SIDE : 2 * SIDE].copy()


@cache
def _sheets(kind: str) -> tuple[np.ndarray, ...]:
    make = _beads if kind == "beads" else _band
    return tuple(make(seed) for seed in (11, 23, 37))


def cut(
    rng: np.random.Generator,
    shape: tuple[int, int],
    *,
    grain: float,
    mpp: float,
    kind: str = "band",
) -> np.ndarray:
    """Return a patch (H, W) float32 of texture whose grain is ``grain`` microns.

    Kind "band" has mean 0 and deviation 1, "beads" runs from 0 to 1. Grain finer than
    the pixels can carry fades out instead of aliasing.
    """
    chosen = sheet(kind, int(rng.integers(3)))
    turn = rng.uniform(0, 2 * np.pi)
    at = rng.uniform(0, SIDE, 2)
    return sample(chosen, shape, step=GRAIN / grain * mpp, turn=turn, at=at)


def sample(
    whole: np.ndarray,
    shape: tuple[int, int],
    *,
    step: float,
    turn: float,
    at: np.ndarray,
) -> np.ndarray:
    """Return ``whole`` resampled: ``step`` sheet pixels per output pixel, turned."""
    c, s = np.cos(turn) * step, np.sin(turn) * step
    matrix = np.array([[c, -s, at[0]], [s, c, at[1]]])
    patch = cv2.warpAffine(
        whole,
        matrix,
        (shape[1], shape[0]),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_WRAP,
    )
    fade = float(np.clip((GRAIN / step - 1.2) / 1.6, 0.0, 1.0))
    return patch if fade == 1.0 else patch * fade + float(whole.mean()) * (1 - fade)


def sheet(kind: str, number: int) -> np.ndarray:
    """Return noise sheet ``number`` (512, 512), for fields that span a whole slide."""
    return _sheets(kind)[number % 3]
