"""Any array of samples to the 8-bit RGB the whole program works in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Pixels

WHITE = (255, 255, 255)


def eight_bit(samples: NDArray[Any], *, full_scale: int | None = None) -> Pixels:
    """Samples of any shape as uint8.

    Booleans become 0 and 255, floats are taken as 0 to 1, wider integers are divided by
    `full_scale` (by default the type's largest value; microscope cameras that write 10,
    12 or 14 bits into 16 are recognised by their largest sample). Raises ValueError for
    complex and other kinds.
    """
    if samples.dtype == np.uint8:
        return samples
    if samples.dtype == np.bool_:
        return samples.astype(np.uint8) * np.uint8(255)
    if samples.dtype.kind == "f":
        clean = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=0.0)
        return (np.clip(clean, 0, 1) * 255 + 0.5).astype(np.uint8)
    if samples.dtype.kind != "u":
        raise ValueError(f"samples of type {samples.dtype} are not a picture")
    top = full_scale or camera_full_scale(samples)
    scaled = np.clip(samples.astype(np.float32) * (255.0 / top), 0, 255)
    return (scaled + 0.5).astype(np.uint8)


def camera_full_scale(samples: NDArray[Any]) -> int:
    """The largest value this camera can write, guessed from the brightest sample."""
    return full_scale_of(int(samples.max(initial=0)), np.iinfo(samples.dtype).bits)


def full_scale_of(brightest: int, bits: int) -> int:
    """The largest value of a camera whose brightest of `bits`-wide samples is known."""
    for depth in (10, 12, 14):
        # Below 8 bits worth of light the depth cannot be told: keep the type's own.
        if bits == 16 and 255 < brightest < 2**depth:
            return 2**depth - 1
    return 2**bits - 1


def rgb(
    samples: NDArray[Any],
    *,
    backdrop: tuple[int, int, int] = WHITE,
    full_scale: int | None = None,
) -> Pixels:
    """(H, W), (H, W, 1 to 4) grey, grey + alpha, RGB or RGBA as (H, W, 3) uint8.

    What is transparent shows `backdrop`. Raises ValueError for other shapes or types.
    """
    if samples.ndim == 2:
        samples = samples[:, :, None]
    if samples.ndim != 3 or not 1 <= samples.shape[2] <= 4:
        raise ValueError(f"an array of shape {samples.shape} is not a picture")
    pixels = eight_bit(samples, full_scale=full_scale)
    channels = pixels.shape[2]
    if channels in (2, 4):
        pixels = flattened(pixels[..., :-1], pixels[..., -1], backdrop)
    if pixels.shape[2] == 1:
        pixels = np.repeat(pixels, 3, axis=2)
    return np.ascontiguousarray(pixels)


def flattened(
    colour: Pixels, alpha: NDArray[np.uint8], backdrop: tuple[int, int, int]
) -> Pixels:
    """Colour over a backdrop: (H, W, C) and (H, W) -> (H, W, C)."""
    if alpha.min(initial=255) == 255:
        return colour
    ground = np.asarray(backdrop[: colour.shape[2]], np.float32)
    share = alpha[..., None].astype(np.float32) / 255
    return (colour * share + ground * (1 - share) + 0.5).astype(np.uint8)


def cmyk_to_rgb(samples: NDArray[np.uint8]) -> Pixels:
    """(H, W, 4) inks, 255 full ink, as (H, W, 3) light."""
    light = 255 - samples[..., :3].astype(np.uint16)
    return (light * (255 - samples[..., 3:].astype(np.uint16)) // 255).astype(np.uint8)
