"""Amounts of dye to colours: the dyes, the laboratory, the lamp and the camera."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

# Optical density (red, green, blue) of one unit of each dye, natural logarithm.
_DYES = np.array(
    [
        [1.42, 3.00, 0.54],  # DNA: azure B and eosin Y on chromatin, purple
        [1.32, 1.20, 0.32],  # RNA: azure B and methylene blue, blue
        [0.10, 0.95, 0.62],  # eosin: pink
        [0.20, 0.28, 0.30],  # haemoglobin: beige grey
    ]
)


@dataclass(frozen=True)
class Stain:
    """One laboratory's staining and camera.

    ``dyes`` (4, 3) optical densities, ``white`` (3,) the empty background 0..255,
    ``strength`` (4,) of each dye, ``film`` dye of the dried plasma, ``dust`` of specks
    in it; ``pallor`` depth of the red cells' central pit, ``pile`` how much darker they
    are where two lie on each other; ``noise`` the camera's deviation in grey levels,
    ``blur`` the optics' deviation in microns, ``glare`` the share of stray light.
    """

    dyes: tuple[tuple[float, float, float], ...]
    white: tuple[float, float, float]
    strength: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    film: float = 0.05
    dust: float = 0.05
    pallor: float = 0.3
    pile: float = 0.2
    noise: float = 2.0
    blur: float = 0.16
    saturation: float = 1.0
    glare: float = 0.035

    def matrix(self) -> np.ndarray:
        """Return (3, 4): optical density in red, green, blue per unit of dye."""
        weighted = np.array(self.dyes) * np.array(self.strength)[:, None]
        return np.ascontiguousarray(weighted.T, dtype=np.float32)


_WHITES = (
    (236, 232, 240),
    (226, 224, 226),
    (224, 214, 226),
    (200, 202, 198),
    (250, 228, 200),
    (240, 230, 240),
    (188, 190, 186),
    (232, 232, 212),
    (246, 242, 250),
    (244, 240, 246),
    (206, 204, 214),
)
_RED_CELLS = (
    (0.20, 0.28, 0.30),
    (0.14, 0.36, 0.26),
    (0.14, 0.22, 0.27),
    (0.26, 0.32, 0.30),
    (0.10, 0.26, 0.20),
)


def standard() -> Stain:
    """Return a well-stained May-Grünwald-Giemsa smear under a balanced lamp."""
    return Stain(_rows(_DYES), (230.0, 225.0, 232.0))


def _rows(table: np.ndarray) -> tuple[tuple[float, float, float], ...]:
    return tuple((float(r), float(g), float(b)) for r, g, b in table)


def laboratory(seed: int) -> Stain:
    """Return one of the many ways in which laboratories stain and photograph."""
    rng = np.random.default_rng([seed, 77])
    dyes = _DYES * rng.normal(1.0, (0.06,), _DYES.shape)
    dyes[3] = np.array(_RED_CELLS[rng.integers(len(_RED_CELLS))])
    dyes[3] *= rng.uniform(0.55, 1.35) * rng.normal(1.0, 0.06, 3)
    dyes[1, :2] *= np.exp(rng.normal(0, (0.10, 0.16)))  # greener or more violet
    dyes[0, 2] *= np.exp(rng.normal(0, 0.3))  # blue filters and lamps differ most
    # Acid or alkaline buffer: redder or bluer nuclei.
    dyes[0] += rng.normal(0, 0.17) * np.array([1.0, 0.1, -0.25])
    white = np.array(_WHITES[rng.integers(len(_WHITES))]) * rng.uniform(0.94, 1.03)
    white = np.clip(white + rng.normal(0, 4, 3), 120, 252)
    strength = rng.normal(1.0, (0.17, 0.2, 0.22, 0.15)).clip(0.6, 1.5)
    return Stain(
        _rows(dyes.clip(0.03)),
        (float(white[0]), float(white[1]), float(white[2])),
        strength=tuple(float(s) for s in strength),  # type: ignore[arg-type]
        film=float(rng.uniform(0.0, 0.12)),
        dust=float(rng.uniform(0.0, 0.12)),
        pallor=float(rng.uniform(0.0, 0.75)),
        pile=float(rng.uniform(0.02, 0.4)),
        noise=float(rng.uniform(0.6, 2.4)),
        blur=float(rng.uniform(0.12, 0.28)),
        saturation=float(rng.uniform(0.85, 1.25)),
        glare=float(rng.uniform(0.005, 0.05)),
    )


def colour(
    dyes: np.ndarray, stain: Stain, lamp: np.ndarray | float = 1.0
) -> np.ndarray:
    """Return light (H, W, 3) float32 0..255 that passes dye amounts (H, W, 4).

    ``lamp`` (H, W, 1) or a number dims the light towards the corners.
    """
    light = cv2.transform(dyes, -stain.matrix())
    cv2.exp(light, dst=light)
    # Stray light in the lens: even the densest nucleus is never black.
    light = light * np.float32(1.0 - stain.glare) + np.float32(stain.glare)
    light *= np.array(stain.white, np.float32)
    light *= lamp
    return light
