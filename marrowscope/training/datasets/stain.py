"""Stain separation by anchors: a picture's own nucleus and red-cell colours.

Optical density (OD, natural log) of a Romanowsky-stained pixel is close to a sum of
two dyes. Their directions are read off the picture itself: the darkest pixels of the
cell (azure) and the red cells around it (eosin). Carrying concentrations from one
picture's directions to another's gives a cell another laboratory's colours without
touching how dark its chromatin is, which is diagnostic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_OD = -np.log(np.maximum(np.arange(256, dtype=np.float32), 1.0) / 255.0)
_MIN_ANGLE_SIN = 0.12  # nearer directions than this cannot be told apart
_MAX_GAIN = 2.2  # a mixing matrix beyond this amplifies JPEG colour noise


@dataclass(frozen=True)
class StainFrame:
    """The colours of one picture: background OD (3,) and unit dye directions (3, 3)."""

    background: np.ndarray
    dyes: np.ndarray


def optical_density(pixels: np.ndarray) -> np.ndarray:
    """OD of uint8 RGB pixels (..., 3), 0 for white, float32."""
    return _OD[pixels]


def pixels_of(density: np.ndarray) -> np.ndarray:
    """The uint8 RGB pixels with this optical density."""
    return np.clip(255.0 * np.exp(-density) + 0.5, 0, 255).astype(np.uint8)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-6)


def dye_directions(azure: np.ndarray, eosin: np.ndarray) -> np.ndarray:
    """Rows azure, eosin and what is neither; eosin is pushed away when too near."""
    azure, eosin = _unit(azure), _unit(eosin)
    across = np.cross(azure, eosin)
    if np.linalg.norm(across) < _MIN_ANGLE_SIN:
        eosin = _unit(eosin + np.array([-0.15, 0.1, 0.05], np.float32))
        across = np.cross(azure, eosin)
    return np.stack([azure, eosin, _unit(across)]).astype(np.float32)


def read_frame(
    pixels: np.ndarray, cell: np.ndarray, *, usual: StainFrame | None = None
) -> StainFrame:
    """Anchors of a picture (H, W, 3) whose labelled cell is `cell` (H, W) > 0.

    Falls back to `usual` (the source's mean frame) for what the picture does not show.
    """
    density = optical_density(pixels)
    background = np.percentile(density.reshape(-1, 3), 4, axis=0)
    density = np.maximum(density - background, 0.0)
    total = density.sum(axis=2)
    inside = total[cell > 0]
    dark = np.percentile(inside, 75) if inside.size else np.percentile(total, 95)
    azure = np.median(density[(cell > 0) & (total >= dark)].reshape(-1, 3), axis=0)
    around = (cell == 0) & (total > 0.18 * dark) & (total < 0.6 * dark)
    reddish = around & (density[..., 0] < 0.3 * total)
    if reddish.sum() >= 150:
        eosin = np.median(density[reddish], axis=0)
    elif usual is not None:
        eosin = usual.dyes[1]
    else:
        eosin = np.array([0.35, 0.65, 0.68], np.float32)
    dyes = dye_directions(np.nan_to_num(azure, nan=0.5) + 1e-3, eosin + 1e-3)
    return StainFrame(background.astype(np.float32), dyes)


def mean_frame(frames: list[StainFrame]) -> StainFrame:
    """The usual frame of a source: median background, mean dye directions."""
    background = np.median([frame.background for frame in frames], axis=0)
    azure, eosin = np.mean([frame.dyes[:2] for frame in frames], axis=0)
    return StainFrame(background.astype(np.float32), dye_directions(azure, eosin))


def mixing(
    own: StainFrame, donor: StainFrame, *, share: float, strength: np.ndarray
) -> np.ndarray:
    """The (3, 3) matrix that carries OD rows from `own` dyes to `donor` dyes.

    share: 0 keeps the picture's own colours, 1 takes the donor's.
    strength: (3,) factors on the concentration of azure, eosin and the rest.
    """
    inverse = np.linalg.inv(own.dyes)
    full = inverse @ donor.dyes
    if np.abs(full).max() > _MAX_GAIN:
        share *= 0.3
    dyes = share * donor.dyes + (1.0 - share) * own.dyes
    return (inverse @ (strength[:, None] * dyes)).astype(np.float32)
