"""The small pictures of slides, in the colours in which each slide is shown."""

from __future__ import annotations

from PySide6.QtGui import QImage

from marrowscope.domain.geometry import Pixels
from marrowscope.gui.case_state import SlideEntry
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slides_panel.painting import image_of
from marrowscope.imaging.display_colour import DisplayColour, as_shown

KEPT = 64  # more than are ever in sight at once


class ShownPictures:
    """Makes a picture when it is painted, which takes a millisecond, and keeps it."""

    def __init__(self, session: CaseSession) -> None:
        self._session = session
        self._made: dict[int, tuple[Pixels, DisplayColour, QImage]] = {}

    def of(self, entry: SlideEntry) -> QImage | None:
        """None while there is no picture of that slide yet."""
        pixels, colour = entry.thumbnail, self._session.colours_of(entry.number)
        if pixels is None:
            return None
        known = self._made.get(entry.number)
        if known is None or known[0] is not pixels or known[1] != colour:
            self._made.pop(entry.number, None)
            if len(self._made) >= KEPT:
                del self._made[next(iter(self._made))]
            shown = as_shown(pixels, colour, entry.opened.slide.profile)
            known = self._made[entry.number] = (pixels, colour, image_of(shown))
        return known[2]
