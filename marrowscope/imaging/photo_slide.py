"""One field photo as a slide: PNG, JPEG, BMP, WebP; decoded when first looked at."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np
from PIL import Image, ImageOps

from marrowscope.domain.errors import UnreadableRegion
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.colour import WHITE, rgb
from marrowscope.imaging.halving import halved, halved_levels
from marrowscope.imaging.photo_header import FAILURES, damaged, read_header
from marrowscope.imaging.pixel_cache import PixelCache
from marrowscope.imaging.regions import cut
from marrowscope.imaging.slide import Level

log = logging.getLogger(__name__)

# Several hundred photos make one case: only the last looked at stay decoded.
DECODED = PixelCache(256 << 20)


class PhotoSlide:
    """A photo held decoded only while it is in use.

    `decode(side)` gives its pixels as often as wanted, in full when `side` is None;
    else at any size, neither side shorter than `side` pixels unless it is in full.
    """

    def __init__(
        self,
        identity: SlideIdentity,
        decode: Callable[[int | None], Pixels],
        advice: str,
        *,
        profile: bytes | None = None,
    ) -> None:
        self._identity = identity
        self._decode = decode
        self._advice = advice
        self._profile = profile
        self._levels = halved_levels(identity.width, identity.height)
        self._lock = Lock()
        # Its own object, not id(self), which a later slide may be given again.
        self._key = object()

    @property
    def identity(self) -> SlideIdentity:
        return self._identity

    @property
    def levels(self) -> tuple[Level, ...]:
        return self._levels

    @property
    def background(self) -> tuple[int, int, int]:
        return WHITE

    @property
    def profile(self) -> bytes | None:
        return self._profile

    def read(self, x: int, y: int, width: int, height: int, *, level: int) -> Pixels:
        """RGB pixels of one level; see `Slide.read`."""
        scale = self._levels[level].downsample
        place = int(np.floor(x / scale)), int(np.floor(y / scale))
        return cut(
            self._level(level),
            *place,
            width=width,
            height=height,
            background=self.background,
        )

    def glance(self, side: int) -> Pixels:
        """The whole photo (H, W, 3), each side at least `side` pixels, or in full.

        A JPEG is decoded that small, four times faster; nothing of it is kept. Raises
        UnreadableRegion.
        """
        return self._decode_or_explain(side)

    def keep(self, pixels: Pixels) -> None:
        """Full-size pixels that were decoded already."""
        DECODED.put((self._key, 0), pixels)

    def close(self) -> None:
        """Let the decoded pixels go; the file is open only while it is decoded."""
        DECODED.forget(self._key)

    def _level(self, level: int) -> Pixels:
        with self._lock:
            known = DECODED.get((self._key, level))
            if known is not None:
                return known
            pixels = self._decoded() if level == 0 else None
        if pixels is None:
            pixels = halved(self._level(level - 1))
        DECODED.put((self._key, level), pixels)
        return pixels

    def _decoded(self) -> Pixels:
        pixels = self._decode_or_explain(None)
        if pixels.shape[:2] != (self._identity.height, self._identity.width):
            raise UnreadableRegion(
                f"{self._identity.name} has changed since it was opened.", self._advice
            )
        return pixels

    def _decode_or_explain(self, side: int | None) -> Pixels:
        try:
            return self._decode(side)
        except FAILURES as error:
            name = self._identity.name
            log.info("decoding %s failed: %s", name, error)
            raise UnreadableRegion(
                f"{name} is damaged or gone and cannot be decoded ({error}).",
                self._advice,
            ) from error


def open_photo(path: Path, *, content: str, name: str) -> PhotoSlide:
    """A photo, decoded only if its header and end do not tell that it is whole.

    Photos carry no scale worth trusting (72 dpi is a screen's), so they are always
    uncalibrated. Raises UnreadableInput when the header is no picture's, when the
    picture is larger than 100 megapixels, or when it is cut short. Damage amid the
    pixels shows when they are read.
    """
    header = read_header(path, name)
    pixels = None if header.size else _whole(path, name)
    width, height = header.size or (0, 0)
    if pixels is not None:
        height, width = pixels.shape[:2]
    slide = PhotoSlide(
        SlideIdentity(content, name, width, height, None),
        partial(_pixels, path),
        "Copy it again from the camera's computer.",
        profile=header.profile,
    )
    if pixels is not None:
        slide.keep(pixels)
    return slide


def photo_size(path: Path) -> tuple[int, int]:
    """Width and height as a person sees the picture, EXIF orientation applied.

    Raises UnreadableInput when it is no picture, is damaged, or too large to hold.
    """
    size = read_header(path, path.name).size
    if size is None:
        height, width = _whole(path, path.name).shape[:2]
        size = width, height
    return size


def _whole(path: Path, name: str) -> Pixels:
    try:
        return _pixels(path)
    except FAILURES as error:
        raise damaged(name) from error


def _pixels(path: Path, side: int | None = None) -> Pixels:
    """(H, W, 3) uint8, upright, what is transparent in white; see `PhotoSlide`."""
    with Image.open(path) as image:
        if side is not None:
            image.draft(None, (side, side))  # of a JPEG only what it takes
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I") or upright.mode == "F":
            return rgb(_grey(np.asarray(upright)))
        if upright.has_transparency_data:
            return rgb(np.asarray(upright.convert("RGBA")))
        return rgb(np.asarray(upright.convert("RGB")))


def _grey(samples: np.ndarray) -> np.ndarray:
    """Pillow's wide grey modes as the 16-bit samples they hold."""
    if samples.dtype.kind == "f":
        raise ValueError("floating-point samples are no photo")
    return samples.clip(0, 65535).astype(np.uint16)
