"""One field photo as a slide: PNG, JPEG, BMP, WebP; decoded when first looked at."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from marrowscope.domain.errors import UnreadableInput, UnreadableRegion
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.colour import WHITE, rgb
from marrowscope.imaging.halving import halved, halved_levels
from marrowscope.imaging.pixel_cache import PixelCache
from marrowscope.imaging.regions import cut
from marrowscope.imaging.slide import Level

log = logging.getLogger(__name__)

# Decoding needs up to 7 bytes a pixel: 100 megapixels stay below 700 MB.
LARGEST_PHOTO = 100_000_000
# Several hundred photos make one case: only the last looked at stay decoded.
DECODED = PixelCache(256 << 20)
TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
EXIF_ORIENTATION = 0x0112
# The program has its own limit, one sentence instead of a warning on stderr.
Image.MAX_IMAGE_PIXELS = None

_FAILURES = (
    OSError,
    ValueError,
    SyntaxError,  # Pillow's word for a broken PNG
    EOFError,
    IndexError,
    TypeError,
    KeyError,
    Image.DecompressionBombError,
)


class PhotoSlide:
    """A photo held decoded only while it is in use; `decode` may be called again."""

    def __init__(
        self,
        identity: SlideIdentity,
        decode: Callable[[], Pixels],
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
        try:
            pixels = self._decode()
        except _FAILURES as error:
            log.info("decoding %s failed: %s", self._identity.name, error)
            raise UnreadableRegion(
                f"{self._identity.name} cannot be decoded any more ({error}).",
                self._advice,
            ) from error
        if pixels.shape[:2] != (self._identity.height, self._identity.width):
            raise UnreadableRegion(
                f"{self._identity.name} has changed since it was opened.", self._advice
            )
        return pixels


def open_photo(path: Path, *, content: str, name: str) -> PhotoSlide:
    """A photo, decoded once to know that it is whole.

    Photos carry no scale worth trusting (72 dpi is a screen's), so they are always
    uncalibrated. Raises UnreadableInput when the header is no picture's, when the
    picture is larger than 100 megapixels, or when it does not decode.
    """
    check_photo_size(*_stored_size(path), name)
    try:
        pixels = _pixels(path)
    except _FAILURES as error:
        raise _damaged(name) from error
    height, width = pixels.shape[:2]
    identity = SlideIdentity(content, name, width, height, None)
    slide = PhotoSlide(
        identity,
        lambda: _pixels(path),
        "Copy it again from the camera's computer.",
        profile=_profile(path),
    )
    slide.keep(pixels)
    return slide


def check_photo_size(width: int, height: int, name: str) -> None:
    """Raise UnreadableInput for a photo too large to hold in memory, or empty."""
    if width <= 0 or height <= 0:
        raise UnreadableInput(
            f"{name} is {width} x {height} pixels: it holds no picture.",
            "Export it again from the camera's program.",
        )
    if width * height > LARGEST_PHOTO:
        raise UnreadableInput(
            f"{name} is {width:,} x {height:,} pixels, too large to read as one photo.",
            "Save it as a tiled, pyramidal TIFF, which is read piece by piece.",
        )


def photo_size(path: Path) -> tuple[int, int]:
    """Width and height as a person sees the picture, EXIF orientation applied.

    Raises UnreadableInput when it is no picture, or one too large to hold.
    """
    width, height = _stored_size(path)
    check_photo_size(width, height, path.name)
    with Image.open(path) as image:
        # A PNG is decoded for its EXIF, so this comes after the check of its size.
        turned = image.getexif().get(EXIF_ORIENTATION) in TURNED
    return (height, width) if turned else (width, height)


def _stored_size(path: Path) -> tuple[int, int]:
    """Width and height as stored, from the header alone."""
    try:
        with Image.open(path) as image:
            return image.size
    except UnidentifiedImageError as error:
        raise UnreadableInput(
            f"{path.name} is not a slide or picture that MarrowScope knows.",
            "Open a whole-slide file, a DICOM folder, or a PNG, JPEG, TIFF, BMP or "
            "WebP photo.",
        ) from error
    except _FAILURES as error:
        raise _damaged(path.name) from error


def _damaged(name: str) -> UnreadableInput:
    return UnreadableInput(
        f"{name} is damaged or cut short and cannot be decoded.",
        "Copy it again from where it came.",
    )


def _profile(path: Path) -> bytes | None:
    """The embedded ICC profile of a picture whose stored colours are RGB."""
    with Image.open(path) as image:
        found = image.info.get("icc_profile")
        rgb_stored = image.mode in ("RGB", "RGBA", "P")
    return found if rgb_stored and isinstance(found, bytes) and found else None


def _pixels(path: Path) -> Pixels:
    """(H, W, 3) uint8, upright, what is transparent in white."""
    with Image.open(path) as image:
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
