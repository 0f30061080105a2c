"""Cut-outs made of real nuclei and drawn cytoplasm: plasma cells and their kin.

The real crops hold next to no cells with wide pale-blue cytoplasm and an eccentric
round nucleus, which marrow is full of.
"""

from __future__ import annotations

import cv2
import numpy as np

from marrowscope.training.locator.cutouts import CUTOUT_MPP, CutOut

# Density per channel of a basophilic, a grey-green and a pink-violet cytoplasm.
CYTOPLASM_COLOURS = np.array(
    [(0.62, 0.48, 0.17), (0.34, 0.27, 0.20), (0.30, 0.42, 0.16)], np.float32
)
NUCLEUS_UM2 = (22.0, 95.0)


def has_round_nucleus(cut: CutOut) -> bool:
    """True for a single compact nucleus of a size that plasma cells have."""
    area = float((cut.nucleus > 0).sum()) * CUTOUT_MPP**2
    if not NUCLEUS_UM2[0] < area < NUCLEUS_UM2[1]:
        return False
    outlines, _ = cv2.findContours(
        cut.nucleus, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    if len(outlines) != 1:
        return False
    round_area = cv2.contourArea(cv2.convexHull(outlines[0]))
    _, _, w, h = cv2.boundingRect(outlines[0])
    filled = cv2.contourArea(outlines[0]) / max(round_area, 1.0)
    return filled > 0.92 and min(w, h) / max(w, h) > 0.72


def with_drawn_cytoplasm(cut: CutOut, rng: np.random.Generator) -> CutOut:
    """The nucleus of `cut` in a new, wide, mostly pale cytoplasm."""
    radius = np.sqrt((cut.nucleus > 0).sum() / np.pi)
    long = radius * rng.uniform(1.25, 2.35)
    short = max(long * rng.uniform(0.72, 1.0), radius * 1.12)
    half = int(long * 1.35) + 6
    cell = outline_mask(half, long, short, rng)
    offset = (long - radius) * rng.uniform(0.0, 0.85)
    nucleus = _placed(cut.nucleus, half, offset)
    pixels = np.dstack(
        [
            _placed(cut.density[..., i].astype(np.float32), half, offset)
            for i in range(3)
        ]
    )
    cell = np.maximum(cell, nucleus)
    cytoplasm = draw_cytoplasm(cell, half, offset, radius, rng)
    weight = cv2.GaussianBlur(nucleus, (0, 0), 1.2).astype(np.float32)[..., None] / 255
    density = pixels * weight + cytoplasm * (1 - weight)
    return CutOut(density.astype(np.float16), cell, nucleus, "drawn", "plasma_cell")


def outline_mask(
    half: int, long: float, short: float, rng: np.random.Generator
) -> np.ndarray:
    """A wobbly ellipse, uint8 0/255 (2 half, 2 half)."""
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    wobble = 1.0
    for order in (2, 3, 4, 5):
        size = rng.normal(0, 0.05 / np.sqrt(order - 1))
        wobble = wobble + size * np.cos(order * angle + rng.uniform(0, 2 * np.pi))
    points = np.stack(
        [half + long * wobble * np.cos(angle), half + short * wobble * np.sin(angle)], 1
    )
    mask = np.zeros((2 * half, 2 * half), np.uint8)
    cv2.fillPoly(mask, [points.round().astype(np.int32)], 255)
    return mask


def draw_cytoplasm(
    cell: np.ndarray, half: int, offset: float, radius: float, rng: np.random.Generator
) -> np.ndarray:
    """Density (h, w, 3) of blue-grey cytoplasm with texture, rim and pale hof."""
    weights = rng.dirichlet((1.2, 1.0, 0.6)).astype(np.float32)
    colour = weights @ CYTOPLASM_COLOURS * rng.uniform(0.3, 1.35)
    texture = smooth_noise(cell.shape, 1.6, rng) * rng.uniform(0.05, 0.3)
    texture = texture + smooth_noise(cell.shape, 6.0, rng) * rng.uniform(0.05, 0.25)
    depth = cv2.distanceTransform((cell > 0).astype(np.uint8), cv2.DIST_L2, 5)
    rim = np.exp(-depth / (0.15 * half)) * rng.uniform(-0.45, 0.6)
    amount = np.clip(1.0 + texture + rim, 0.15, 2.5)
    rows, columns = np.indices(cell.shape)
    hof = half + offset - 1.15 * radius  # on the side away from the cell's edge
    away = np.hypot(columns - hof, rows - half) / radius
    amount *= 1 - rng.uniform(0, 0.6) * np.exp(-(away**2) / 0.5)
    for _ in range(rng.poisson(0.8)):
        _vacuole(amount, half, rng)
    return amount[..., None].astype(np.float32) * colour


def _vacuole(amount: np.ndarray, half: int, rng: np.random.Generator) -> None:
    spot = tuple(int(v) for v in rng.uniform(0.5 * half, 1.5 * half, 2))
    hole = np.zeros(amount.shape, np.float32)
    cv2.circle(hole, spot, int(rng.integers(1, 5)), 1.0, -1)
    amount *= 1 - cv2.GaussianBlur(hole, (0, 0), 0.8) * rng.uniform(0.4, 0.95)


def smooth_noise(
    shape: tuple[int, ...], sigma: float, rng: np.random.Generator
) -> np.ndarray:
    """Gaussian noise blurred by `sigma` pixels, unit deviation, float32."""
    step = max(int(sigma / 1.5), 1)
    height, width = shape[0] // step + 2, shape[1] // step + 2
    noise = rng.standard_normal((height, width)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), max(sigma / step, 0.6))
    noise = cv2.resize(noise, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return noise / max(float(noise.std()), 1e-6)


def _placed(plane: np.ndarray, half: int, offset: float) -> np.ndarray:
    """A cut-out's plane moved so that its centre lies `offset` right of the middle."""
    height, width = plane.shape
    move = np.float32([[1, 0, half + offset - width / 2], [0, 1, half - height / 2]])
    return cv2.warpAffine(plane, move, (2 * half, 2 * half), flags=cv2.INTER_LINEAR)
