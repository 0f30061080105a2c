"""Cytoplasm: its tint by stage, paler zones, granules and vacuoles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marrowscope.phantom.sheet import DNA, EOSIN, HAEM, RNA, Sheet


@dataclass(frozen=True)
class Tint:
    """Amounts of dye in cytoplasm; ``edge`` deepens it outwards, ``halo`` pales it
    around the nucleus, ``mottle`` is the contrast of its texture."""

    rna: float = 0.0
    eosin: float = 0.0
    haem: float = 0.0
    edge: float = 0.2
    halo: float = 0.2
    mottle: float = 0.12


def paint(
    sheet: Sheet, body: np.ndarray, nucleus: np.ndarray, tint: Tint
) -> np.ndarray:
    """Return the dyes (H, W, 4) of a cytoplasm between two depths in microns."""
    dyes = np.zeros((*sheet.shape, 4), np.float32)
    vary = 1.0 + tint.mottle * sheet.noise(1.3) + 1.3 * tint.mottle * sheet.noise(3.6)
    vary += tint.edge * np.exp(-np.maximum(body, 0) / 0.9)
    vary -= tint.halo * np.exp(-np.maximum(-nucleus, 0) / 0.8)
    # A flattened cell is as thick in the middle as at the rim, less under the nucleus.
    amount = sheet.cover(body, soft=sheet.uniform(0.3, 0.9)) * np.clip(vary, 0.1, None)
    amount *= sheet.uniform(0.65, 1.15)
    amount *= 1.0 - 0.7 * sheet.cover(nucleus)
    dyes[..., RNA] = amount * tint.rna
    dyes[..., EOSIN] = amount * tint.eosin
    dyes[..., HAEM] = sheet.cover(body, soft=0.45) * tint.haem
    return dyes


def granulate(
    sheet: Sheet,
    dyes: np.ndarray,
    where: np.ndarray,
    *,
    grain: float,
    dye: int,
    amount: float,
    fullness: float = 1.0,
) -> None:
    """Add granules of ``grain`` microns to ``dyes`` where coverage (H, W) is high.

    ``fullness`` is the share of places that hold a granule.
    """
    granules = sheet.beads(grain)
    if fullness < 1.0:
        keep = sheet.noise(grain * 1.4)
        granules = granules * (keep > np.quantile(keep, 1.0 - fullness))
    dyes[..., dye] += amount * granules * where


def pale_zone(
    sheet: Sheet, dyes: np.ndarray, at: tuple[float, float], *, radius: float
) -> None:
    """Pale the dyes around ``at`` (microns): the Golgi zone or hof."""
    distance = np.hypot(sheet.x - at[0], sheet.y - at[1])
    keep = 1.0 - 0.55 * np.exp(-np.square(distance / radius))
    dyes *= keep[..., None]


def vacuolate(
    sheet: Sheet,
    dyes: np.ndarray,
    where: np.ndarray,
    *,
    count: int,
    size: tuple[float, float] = (0.5, 1.3),
) -> None:
    """Clear ``count`` round vacuoles, radii in microns, from a covered area (H, W)."""
    spots = np.argwhere(where > 0.7)
    for _ in range(count if len(spots) else 0):
        row, column = spots[sheet.rng.integers(len(spots))]
        reach = np.hypot(sheet.x - sheet.x[row, column], sheet.y - sheet.y[row, column])
        hole = sheet.cover(sheet.uniform(*size) - reach, soft=0.35)
        dyes *= (1.0 - 0.9 * hole)[..., None]


AZUROPHIL = DNA
SPECIFIC = EOSIN
