"""What every slide answers, whatever file it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from marrowscope.domain.geometry import Pixels
from marrowscope.domain.provenance import SlideIdentity


@dataclass(frozen=True, slots=True)
class Level:
    """One size of the pyramid; its pixels are `downsample` level-0 pixels wide."""

    width: int
    height: int
    downsample: float


@runtime_checkable
class Slide(Protocol):
    """A scanned smear, a photo, or an array: RGB pixels on a level-0 grid.

    `levels[0]` is full size, further levels are ever smaller. Implementations may be
    read from several threads at once. Nothing is decoded before it is asked for.
    """

    @property
    def identity(self) -> SlideIdentity: ...

    @property
    def levels(self) -> tuple[Level, ...]: ...

    @property
    def background(self) -> tuple[int, int, int]:
        """RGB of what lies beyond the scanned area."""
        ...

    @property
    def profile(self) -> bytes | None:
        """The ICC profile of the pixels, None where the file has none.

        It is applied for display alone (`imaging.display_colour`).
        """
        ...

    def read(self, x: int, y: int, width: int, height: int, *, level: int) -> Pixels:
        """RGB pixels (height, width, 3) of one level.

        `x`, `y` are level-0 pixels; `width`, `height` pixels of the level. What lies
        beyond the slide is background. Raises UnreadableRegion when the file is
        damaged or gone there; other regions stay readable.
        """
        ...

    def close(self) -> None: ...
