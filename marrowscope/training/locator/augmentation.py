"""What a microscope, a stain and a camera can do to a field; labels follow along."""

from __future__ import annotations

import cv2
import numpy as np

from marrowscope.training.locator.field import CORE
from marrowscope.training.locator.stain import from_density, optical_density


def random_window(
    packed: np.ndarray, rng: np.random.Generator, *, size: int
) -> np.ndarray:
    """A turned, flipped, scaled (0.66-1.4) window (size, size, 7) of a packed field.

    Photos often come with a scale that is a third wrong, mostly towards small cells.
    """
    whole = packed.shape[0]
    scale = float(np.clip(np.exp(rng.normal(-0.06, 0.17)), 0.66, 1.4))
    side = min(round(size / scale), whole)
    top, left = rng.integers(0, whole - side + 1, 2)
    window = packed[top : top + side, left : left + side]
    if rng.random() < 0.5:
        window = window[:, ::-1]
    window = np.ascontiguousarray(np.rot90(window, int(rng.integers(4))))
    if side == size:
        return window
    shrinks = side > size
    mode = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    image = cv2.resize(window[..., :3], (size, size), interpolation=mode)
    labels = [
        cv2.resize(
            np.ascontiguousarray(window[..., plane]),
            (size, size),
            interpolation=cv2.INTER_LINEAR if plane == CORE else cv2.INTER_NEAREST,
        )
        for plane in range(3, 7)
    ]
    return np.dstack([image, *labels])


def mask_edges(window: np.ndarray, rng: np.random.Generator) -> None:
    """Now and then put a plain bar over an edge: letterboxes and padded fields."""
    if rng.random() > 0.12:
        return
    wide = int(rng.integers(4, window.shape[0] // 3))
    colour = rng.integers(0, 12) if rng.random() < 0.4 else None
    glass = np.percentile(window[..., :3].reshape(-1, 3), 90, axis=0)
    for _ in range(int(rng.integers(1, 3))):
        turned = np.rot90(window, int(rng.integers(4)))
        turned[-wide:] = 0  # no labels, and nothing to ignore
        turned[-wide:, :, :3] = glass if colour is None else colour


def restain(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Other dyes, light and camera for an RGB uint8 picture (H, W, 3)."""
    image = _dyes(image, rng) if rng.random() < 0.85 else image
    if rng.random() < 0.4:
        image = _uneven_light(image, rng)
    if rng.random() < 0.6:
        image = _camera(image, rng)
    return _optics(image, rng)


def _dyes(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mix and scale the densities of the three channels; colour the glass anew."""
    glass = np.percentile(image.reshape(-1, 3), 98, axis=0).astype(np.float32)
    density = optical_density(image, glass)
    mix = np.eye(3) * np.exp(rng.normal(0, 0.15, 3)) + rng.normal(0, 0.07, (3, 3))
    density = np.maximum(density @ mix.T.astype(np.float32), 0)
    density *= np.float32(np.exp(rng.normal(0, 0.22)))
    if rng.random() < 0.3:  # contrast curve of film and display
        density = density ** np.float32(np.exp(rng.normal(0, 0.15)))
    glass = np.clip(glass * (1 + rng.normal(0, 0.05, 3)), 120, 255)
    return from_density(density, glass.astype(np.float32))


def _uneven_light(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    height, width = image.shape[:2]
    corners = (1 + rng.normal(0, 0.1, (2, 2))).astype(np.float32)
    light = cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(image * light[..., None], 0, 255).astype(np.uint8)


def _camera(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """White balance, brightness and gamma as one lookup per channel."""
    ramp = np.arange(256, dtype=np.float32) / 255
    gain = np.exp(rng.normal(0, 0.06, 3)) * np.exp(rng.normal(-0.04, 0.1))
    gamma = np.exp(rng.normal(0, 0.18))
    table = np.stack([np.clip(ramp**gamma * g, 0, 1) for g in gain], axis=-1)
    return cv2.LUT(image, (table * 255).astype(np.uint8)[None])


def _optics(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if rng.random() < 0.4:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.3, 1.5)))
    elif rng.random() < 0.3:
        soft = cv2.GaussianBlur(image, (0, 0), 1.0)
        image = cv2.addWeighted(image, 1.8, soft, -0.8, 0)
    if rng.random() < 0.4:
        noise = rng.standard_normal(image.shape, np.float32) * rng.uniform(1, 9)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        quality = int(rng.integers(35, 95))
        _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        image = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    return image
