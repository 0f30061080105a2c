"""An array as a slide."""

from __future__ import annotations

import hashlib
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.colour import WHITE, rgb
from marrowscope.imaging.halving import halved, halved_levels
from marrowscope.imaging.regions import cut
from marrowscope.imaging.slide import Level


class MemorySlide:
    """Pixels already in memory: grey, RGB, with or without alpha, 8 or 16 bits.

    Raises UnreadableInput when the array is empty or no picture.
    """

    def __init__(
        self, pixels: NDArray[Any], mpp: float | None = None, name: str = "array"
    ) -> None:
        if not pixels.size:
            raise UnreadableInput(f"{name} has no pixels.", "Give another picture.")
        try:
            full = rgb(pixels)
        except ValueError as error:
            raise UnreadableInput(
                f"{name} is no picture: {error}.", "Give grey, RGB or RGBA pixels."
            ) from error
        height, width = full.shape[:2]
        content = hashlib.sha256(f"{width}x{height}".encode() + full.tobytes())
        self._identity = SlideIdentity(content.hexdigest(), name, width, height, mpp)
        self._levels = halved_levels(width, height)
        self._pixels = [full]
        self._lock = Lock()

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
        return None

    def read(self, x: int, y: int, width: int, height: int, *, level: int) -> Pixels:
        """RGB pixels of one level; see `Slide.read`."""
        scale = self._levels[level].downsample
        return cut(
            self._level(level),
            int(np.floor(x / scale)),
            int(np.floor(y / scale)),
            width=width,
            height=height,
            background=self.background,
        )

    def close(self) -> None:
        """Nothing is held that needs closing."""

    def _level(self, level: int) -> Pixels:
        with self._lock:
            while len(self._pixels) <= level:
                self._pixels.append(halved(self._pixels[-1]))
        return self._pixels[level]
