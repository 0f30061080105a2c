"""How a slide's colours are shown: the file's own profile, then a reader's curves.

For the eye alone: the models read the untouched pixels (`Slide.read`). The profile
turns the scanner's colours into sRGB, by littleCMS; after it each channel has one curve
made of white balance, gamma, contrast and brightness, in this order.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from marrowscope.domain.geometry import Pixels

log = logging.getLogger(__name__)
GAMMA_LIMITS = 0.4, 2.5
DARKEST_WHITE = 64  # below, a channel would be pulled up beyond all measure
_STEEPEST = 4.0  # contrast 1: so much steeper in the middle


@dataclass(frozen=True, slots=True)
class DisplayColour:
    """What a reader wants to see of a slide's colours.

    `brightness` and `contrast` from -1 to 1, 0 for none; `gamma` 0.4 to 2.5, above 1
    lighter; `white`: RGB of what shall look white, None as scanned; `profile`: colours
    as the file's ICC profile says, where it has one.
    """

    brightness: float = 0.0
    contrast: float = 0.0
    gamma: float = 1.0
    white: tuple[int, int, int] | None = None
    profile: bool = True

    def __post_init__(self) -> None:
        low, high = GAMMA_LIMITS
        if max(abs(self.brightness), abs(self.contrast)) > 1:
            raise ValueError("brightness and contrast lie between -1 and 1")
        if not low <= self.gamma <= high:
            raise ValueError(f"gamma lies between {low} and {high}")

    @property
    def uncurved(self) -> bool:
        """True when nothing but the profile is applied."""
        return self == DisplayColour(profile=self.profile)

    @property
    def words(self) -> str:
        """What is done to the colours, such as "brightness +10 %, gamma 1.2"."""
        said = [] if self.profile else ["without the file's ICC profile"]
        for name, share in (
            ("brightness", self.brightness),
            ("contrast", self.contrast),
        ):
            said += [f"{name} {share:+.0%}".replace("%", " %")] if share else []
        said += [f"gamma {self.gamma:.2f}"] if self.gamma != 1 else []
        said += [f"white {self.white}"] if self.white else []
        return ", ".join(said) or "as the file says"

    def curves(self) -> NDArray[np.uint8]:
        """(256, 3): what each value of red, green and blue becomes; never falling."""
        white = np.maximum(self.white or (255, 255, 255), DARKEST_WHITE)  # (3,)
        value = np.minimum(np.arange(256.0)[:, None] / white, 1.0)
        value = value ** (1 / self.gamma)
        value = (value - 0.5) * _STEEPEST**self.contrast + 0.5 + self.brightness / 2
        return (np.clip(value, 0, 1) * 255 + 0.5).astype(np.uint8)


AS_THE_FILE_SAYS = DisplayColour()


def apply_curves(shown: NDArray[np.uint8], colour: DisplayColour, out: Any) -> None:
    """Write (H, W, 4) pixels in the order blue, green, red, unused into `out`."""
    table = np.empty((1, 256, 4), np.uint8)
    table[0, :, :3] = colour.curves()[:, ::-1]
    table[0, :, 3] = 255
    cv2.LUT(shown, table, dst=out)


def in_srgb(pixels: Pixels, profile: bytes | None) -> Pixels:
    """RGB (H, W, 3) as sRGB; untouched where `profile` is none or not usable."""
    transform = None if profile is None else _to_srgb(profile)
    if transform is None:
        return pixels
    return np.asarray(ImageCms.applyTransform(Image.fromarray(pixels), transform))


def as_shown(pixels: Pixels, colour: DisplayColour, profile: bytes | None) -> Pixels:
    """RGB (H, W, 3) of a slide with that profile, in the colours a reader wants."""
    pixels = in_srgb(pixels, profile if colour.profile else None)
    if colour.uncurved:
        return pixels
    return np.asarray(cv2.LUT(pixels, colour.curves()[None]), np.uint8)


def usable_profile(profile: bytes | None) -> bool:
    """True for the ICC profile of an RGB picture that littleCMS can read."""
    return profile is not None and _read(profile) is not None


@lru_cache(maxsize=32)
def _read(profile: bytes) -> ImageCms.ImageCmsProfile | None:
    try:
        read = ImageCms.ImageCmsProfile(BytesIO(profile))
    except (ImageCms.PyCMSError, OSError) as error:
        log.info("an ICC profile cannot be read: %s", error)
        return None
    space = read.profile.xcolor_space.strip()  # pyright: ignore
    return read if space == "RGB" else None


@lru_cache(maxsize=32)
def _to_srgb(profile: bytes) -> ImageCms.ImageCmsTransform | None:
    read = _read(profile)
    if read is None:
        return None
    try:
        return ImageCms.buildTransform(
            read,
            ImageCms.createProfile("sRGB"),
            "RGB",
            "RGB",
            ImageCms.Intent(ImageCms.getDefaultIntent(read)),
        )
    except (ImageCms.PyCMSError, ValueError) as error:
        log.info("an ICC profile cannot be used: %s", error)
        return None


def said_of(colour: DisplayColour, profile: bytes | None) -> str:
    """What a report says of a slide whose colours were not shown as stored, else ""."""
    how: list[str] = []
    if usable_profile(profile):
        how.append(f"{'with' if colour.profile else 'without'} the file's ICC profile")
    curves = replace(colour, profile=True)
    if not curves.uncurved:
        listed = how and colour.profile
        how.append(curves.words if listed else f"with {curves.words}")
    if not how:
        return ""
    return f"displayed {', '.join(how)}; read from the untouched pixels"


def background_of(pixels: Pixels) -> tuple[int, int, int]:
    """RGB of the bare glass in a picture of a smear: its commonest bright colour.

    The brightest tenth of the pixels (H, W, 3) by their darkest channel, in the median.
    """
    flat = pixels.reshape(-1, 3)
    clear = flat.min(axis=1)
    brightest = flat[clear >= np.percentile(clear, 90)]
    red, green, blue = np.median(brightest, axis=0).round().astype(int).tolist()
    return red, green, blue
