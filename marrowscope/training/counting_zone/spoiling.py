"""What a drawn smear has not: particles, fat, smears, blur and ink, at 1 µm.

All work on light (H, W, 3) from 0 to 1 of a whole low-power picture and on masks of
where to put them.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Light = NDArray[np.float32]  # (H, W, 3), 0 to 1
Mask = NDArray[np.bool_]  # (H, W)

_INKS = np.array(
    [(0.05, 0.1, 0.45), (0.05, 0.35, 0.2), (0.6, 0.05, 0.1), (0.06, 0.06, 0.07)]
)


def blob(shape: tuple[int, int], size: float, rng: np.random.Generator) -> Mask:
    """A ragged spot about `size` pixels wide somewhere in a picture."""
    ys, xs = np.mgrid[: shape[0], : shape[1]]
    x, y = rng.uniform(0, shape[1]), rng.uniform(0, shape[0])
    stretch = rng.uniform(0.6, 1.6)
    reach = np.hypot((xs - x) / stretch, (ys - y) * stretch)
    return reach < size / 2 * (1 + 0.35 * noise(shape, size / 6, rng))


def noise(
    shape: tuple[int, int], scale: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Smooth noise (H, W) of deviation 1; `scale` in pixels."""
    step = max(int(scale / 2), 1)
    small = shape[0] // step + 4, shape[1] // step + 4
    coarse = rng.normal(0, 1, small).astype(np.float32)
    coarse = cv2.GaussianBlur(coarse, (0, 0), max(scale / step / 2, 0.5))
    fine = cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return ((fine - fine.mean()) / max(float(fine.std()), 1e-6)).astype(np.float32)


def stroke(shape: tuple[int, int], rng: np.random.Generator) -> Mask:
    """A line drawn by hand with a felt pen, 80 to 400 pixels wide."""
    mask = np.zeros(shape, np.uint8)
    start = rng.uniform((-200, -200), (shape[1] + 200, shape[0] + 200))
    bends = np.cumsum(rng.normal(0, 0.5, 12)) + rng.uniform(0, 2 * np.pi)
    steps = 250 * np.stack([np.cos(bends), np.sin(bends)], axis=1)
    points = (start + np.cumsum(steps, axis=0)).astype(np.int32)
    cv2.polylines(mask, [points], False, 1, int(rng.uniform(80, 400)), cv2.LINE_8)
    return mask > 0


def inked(light: Light, mask: Mask, rng: np.random.Generator) -> Light:
    """Ink on the cover glass: even, strongly coloured, cells hardly show through."""
    ink = _INKS[rng.integers(len(_INKS))] * rng.uniform(0.5, 1.4, 3)
    ink = ink.clip(0.02, 0.85)
    uneven = 1 + 0.12 * noise(mask.shape, rng.uniform(20, 120), rng)[..., None]
    through = cv2.GaussianBlur(light, (0, 0), rng.uniform(3, 9)) ** rng.uniform(0, 0.4)
    thick = rng.uniform(0.55, 1.0)
    drawn = np.clip(ink * uneven, 0.01, 1) ** thick * through
    return _put(light, drawn.astype(np.float32), mask, soft=2.0)


def defocused(light: Light, mask: Mask, rng: np.random.Generator) -> Light:
    """Out of focus by several microns."""
    return _put(
        light, cv2.GaussianBlur(light, (0, 0), rng.uniform(2.0, 7.0)), mask, soft=8.0
    )


def smudged(light: Light, mask: Mask, rng: np.random.Generator) -> Light:
    """Cells crushed and drawn out along one direction."""
    length, angle = int(rng.uniform(15, 60)), rng.uniform(0, 180)
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    turn = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), angle, 1)
    kernel = cv2.warpAffine(kernel, turn, (length, length))
    streaked = cv2.filter2D(light, -1, kernel / max(float(kernel.sum()), 1e-6))
    return _put(light, streaked, mask, soft=6.0)


def bare(light: Light, mask: Mask, rng: np.random.Generator) -> Light:
    """Glass where the smear ends, with a speck of dust here and there."""
    dust = np.clip(noise(mask.shape, 3, rng) - rng.uniform(3.0, 4.5), 0, 1)[..., None]
    white = np.percentile(light, 99, axis=(0, 1)) * rng.uniform(1.0, 1.06)
    shade = 1 + 0.01 * noise(mask.shape, 300, rng)[..., None]
    clear = np.clip(white * shade - 0.6 * dust, 0, 1).astype(np.float32)
    return _put(light, clear, mask, soft=3.0)


def fatty(light: Light, mask: Mask, rng: np.random.Generator) -> Light:
    """Droplets of fat, packed: empty discs 15 to 90 µm wide with thin rims."""
    white = np.percentile(light, 97, axis=(0, 1))
    film = np.exp(
        -rng.uniform(0.1, 0.6) * np.array([0.4, 0.9, 0.5]) * rng.uniform(0.4, 1)
    )
    empty = discs(mask.shape, rng.uniform(15, 45), rng, packed=rng.uniform(0.6, 1.1))
    left = (1 - empty)[..., None] * (0.75 + 0.35 * noise(mask.shape, 6, rng)[..., None])
    drawn = white * (1 - np.clip(left, 0, 1) * (1 - film))
    return _put(light, drawn.astype(np.float32), mask, soft=2.0)


def particle(light: Light, mask: Mask, rng: np.random.Generator) -> Light:
    """A crumb of marrow: cells crowded deep on one another, with some fat between."""
    return _put(light, _solid(light, rng, fat=rng.uniform(0, 0.5)), mask, soft=4.0)


def _solid(light: Light, rng: np.random.Generator, *, fat: float) -> Light:
    """Cells or fibres without a gap: matrix, nuclei in it, fat droplets."""
    shape = light.shape[:2]
    white = np.percentile(light, 97, axis=(0, 1))
    pink = np.array(
        [rng.uniform(0.05, 0.3), rng.uniform(0.5, 1.1), rng.uniform(0.3, 0.7)]
    )
    blue = np.array(
        [rng.uniform(0.7, 1.5), rng.uniform(1.0, 2.2), rng.uniform(0.3, 0.9)]
    )
    fibres = cv2.blur(noise(shape, 4, rng), (1, int(rng.uniform(1, 30))))
    matrix = rng.uniform(0.4, 1.1) * (1 + 0.5 * noise(shape, 60, rng) + 0.4 * fibres)
    dots = discs(shape, rng.uniform(5, 9), rng, packed=rng.uniform(0.08, 0.9))
    patchy = np.clip(0.7 + 0.7 * noise(shape, 80, rng), 0, 2)
    nuclei = dots * patchy * rng.uniform(0.6, 1.5)
    dense = np.clip(matrix, 0.05, 3)[..., None] * pink + nuclei[..., None] * blue
    if fat:
        holes = discs(shape, rng.uniform(30, 60), rng, packed=fat)
        dense *= (1 - 0.97 * holes)[..., None]
    dense *= rng.uniform(0.6, 1.5)
    return (
        white * np.exp(-cv2.GaussianBlur(dense.astype(np.float32), (0, 0), 0.6))
    ).astype(np.float32)


def discs(
    shape: tuple[int, int], size: float, rng: np.random.Generator, *, packed: float
) -> NDArray[np.float32]:
    """(H, W) 0 to 1: discs `size` wide, over one another, about `packed` of an area."""
    mask = np.zeros(shape, np.uint8)
    count = int(packed * shape[0] * shape[1] / (0.785 * size**2))
    places = rng.uniform((0, 0), shape[::-1], (count, 2))
    sizes = rng.normal(size / 2, size / 8, count).clip(1.5)
    for (x, y), radius in zip(places, sizes, strict=True):
        cv2.circle(mask, (int(x), int(y)), round(radius), 255, -1, cv2.LINE_AA)
    return mask.astype(np.float32) / 255


def _put(light: Light, other: Light, mask: Mask, *, soft: float) -> Light:
    edge = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), soft)[..., None]
    return (light * (1 - edge) + other * edge).astype(np.float32)
