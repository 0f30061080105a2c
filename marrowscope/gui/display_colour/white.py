"""What shall look white: a place on bare glass, or what seems to be it."""

from __future__ import annotations

from dataclasses import dataclass

from marrowscope.domain.geometry import Box
from marrowscope.gui.jobs import Progress
from marrowscope.imaging.display_colour import DisplayColour, as_shown, background_of
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.slide import Slide

PATCH = 15  # level-0 pixels across, around a place that was picked
OVERVIEW = 512  # pixels of the longer side, where the glass is sought


@dataclass(frozen=True, slots=True)
class WhiteRequest:
    """Find white at a level-0 point of a slide, or by itself where none is given."""

    number: int
    slide: Slide
    profile: bool
    place: tuple[float, float] | None = None


def find_white(request: WhiteRequest, progress: Progress) -> tuple[int, int, int]:
    """RGB of what shall be white, after the slide's profile where that is wanted.

    Raises UnreadableRegion where the slide is damaged or gone.
    """
    slide = request.slide
    if request.place is None:
        width, height = slide.identity.width, slide.identity.height
        shrink = max(width, height, OVERVIEW) / OVERVIEW
        box, size = Box(0, 0, width, height), (width / shrink, height / shrink)
    else:
        x, y = (place - PATCH // 2 for place in request.place)
        box, size = Box(int(x), int(y), PATCH, PATCH), (PATCH, PATCH)
    across, down = (max(1, round(side)) for side in size)
    pixels = read_resized(slide, box, width=across, height=down)
    plain = DisplayColour(profile=request.profile)
    return background_of(as_shown(pixels, plain, slide.profile))
