"""Every whole-slide format OpenSlide knows, DICOM among them."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np
import openslide
from PIL.ImageCms import PyCMSError

from marrowscope.domain.errors import UnreadableInput, UnreadableRegion
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.colour import WHITE, flattened
from marrowscope.imaging.scale import square_mpp
from marrowscope.imaging.slide import Level

log = logging.getLogger(__name__)

# A tile is decoded whole. OpenSlide ends the program when it gets no memory for one.
LARGEST_TILE = 128 << 20  # pixels, 4 bytes each

_FAILURES = (openslide.OpenSlideError, OSError)


def openslide_format(path: Path) -> str | None:
    """OpenSlide's name of the format, None when it knows none.

    The file may still be damaged.
    """
    try:
        return openslide.OpenSlide.detect_format(path)
    except _FAILURES:
        return None


class OpenSlideSlide:
    """A slide read by OpenSlide; `content` gives its content hash, and is asked last.

    Raises UnreadableInput when OpenSlide cannot open it.
    """

    def __init__(self, path: Path, *, content: Callable[[], str], name: str) -> None:
        self._path = path
        self._swap = Lock()
        try:
            self._handle = openslide.OpenSlide(path)
        except _FAILURES as error:
            raise UnreadableInput(
                f"{name} is damaged: its slide format is known, but it does not open.",
                "Copy it again from where it came, or export it as a pyramidal TIFF.",
            ) from error
        if _largest_tile(self._handle) > LARGEST_TILE:
            raise UnreadableInput(
                f"{name} is damaged: its header claims impossibly large tiles.",
                "Copy it again from where it came.",
            )
        self._levels = _levels(self._handle)
        self._background = _background(self._handle)
        self._profile = _profile(self._handle)
        top, mpp = self._levels[0], _mpp(self._handle)
        # Tiled as all that it reads: a scanner's format, a pyramid, or a known scale.
        vendor = self._handle.properties.get(openslide.PROPERTY_NAME_VENDOR)
        known = vendor != "generic-tiff" or mpp is not None
        self._identity = SlideIdentity(
            *(content(), name, top.width, top.height, mpp),
            scanned=known or len(self._levels) > 1,
        )

    @property
    def identity(self) -> SlideIdentity:
        return self._identity

    @property
    def levels(self) -> tuple[Level, ...]:
        return self._levels

    @property
    def background(self) -> tuple[int, int, int]:
        return self._background

    @property
    def profile(self) -> bytes | None:
        return self._profile

    def read(self, x: int, y: int, width: int, height: int, *, level: int) -> Pixels:
        """RGB pixels of one level; see `Slide.read`."""
        handle = self._handle
        try:
            return self._pixels(handle, (x, y), level, (width, height))
        except _FAILURES as error:
            # An error latches, and another thread's may have spoiled this handle: try
            # once on a handle nobody else has seen before calling the region damaged.
            log.info("reading %s at %d, %d failed: %s", self._path, x, y, error)
        return self._read_afresh(handle, (x, y), level, (width, height))

    def close(self) -> None:
        """Let the file go; reads still running finish on their own handle."""
        self._handle.close()

    def _read_afresh(
        self,
        spoiled: openslide.OpenSlide,
        place: tuple[int, int],
        level: int,
        size: tuple[int, int],
    ) -> Pixels:
        try:
            fresh = openslide.OpenSlide(self._path)
            pixels = self._pixels(fresh, place, level, size)
        except _FAILURES as error:
            self._replace(spoiled)
            raise UnreadableRegion(
                f"{self._identity.name} cannot be read at pixel {place[0]}, {place[1]}"
                f" ({error}).",
                "The rest of the slide stays readable; copy the file again if it "
                "should be whole.",
            ) from error
        with self._swap:
            if self._handle is spoiled:
                self._handle = fresh
        return pixels

    def _replace(self, spoiled: openslide.OpenSlide) -> None:
        """Open the slide anew, unless another thread has done so."""
        with self._swap:
            if self._handle is spoiled:
                try:
                    self._handle = openslide.OpenSlide(self._path)
                except _FAILURES as error:
                    log.warning("%s no longer opens: %s", self._path, error)

    def _pixels(
        self,
        handle: openslide.OpenSlide,
        place: tuple[int, int],
        level: int,
        size: tuple[int, int],
    ) -> Pixels:
        rgba = np.asarray(handle.read_region(place, level, size))  # (H, W, 4)
        colour = flattened(rgba[..., :3], rgba[..., 3], self._background)
        return np.ascontiguousarray(colour)


def _levels(handle: openslide.OpenSlide) -> tuple[Level, ...]:
    sizes = zip(handle.level_dimensions, handle.level_downsamples, strict=True)
    return tuple(Level(w, h, float(scale)) for (w, h), scale in sizes)


def _largest_tile(handle: openslide.OpenSlide) -> int:
    """Pixels of the largest tile of any level; 0 when the format has none."""
    areas = [0]
    for level in range(handle.level_count):
        sides = (
            f"openslide.level[{level}].tile-{side}" for side in ("width", "height")
        )
        areas.append(math.prod(int(handle.properties.get(side, 0)) for side in sides))
    return max(areas)


def _background(handle: openslide.OpenSlide) -> tuple[int, int, int]:
    text = handle.properties.get(openslide.PROPERTY_NAME_BACKGROUND_COLOR, "")
    try:
        red, green, blue = bytes.fromhex(text)
    except ValueError:
        return WHITE
    return red, green, blue


def _profile(handle: openslide.OpenSlide) -> bytes | None:
    try:
        found = handle.color_profile
    except (*_FAILURES, PyCMSError) as error:
        log.info("the colour profile cannot be read: %s", error)
        return None
    return None if found is None else found.tobytes()


def _mpp(handle: openslide.OpenSlide) -> float | None:
    def given(name: str) -> float | None:
        try:
            return float(handle.properties[name])
        except (KeyError, ValueError):
            return None

    return square_mpp(
        given(openslide.PROPERTY_NAME_MPP_X), given(openslide.PROPERTY_NAME_MPP_Y)
    )
