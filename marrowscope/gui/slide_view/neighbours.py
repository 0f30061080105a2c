"""The pictures before and after the one shown, read while nobody waits for a tile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from marrowscope.gui.case_state import SlideEntry
from marrowscope.gui.jobs import Answer, Failure, Job, Lane
from marrowscope.gui.slide_view.tile_reading import ReadTile, TileRequest, read_tile
from marrowscope.gui.slide_view.tile_wishes import wanted_tiles
from marrowscope.imaging.photo_slide import PhotoSlide

if TYPE_CHECKING:
    from marrowscope.gui.slide_view.view import SlideView

REST_MS = (
    80  # that everything seen is there: who turns pages quickly reads nothing else
)
LARGEST_PHOTO = 20_000_000  # pixels; three of these stay decoded beside one another


class Neighbours(QObject):
    """Keeps what the next and the previous picture begin with: a view of tiles each.

    They are read one by one when all tiles of the picture shown are there.
    """

    def __init__(self, view: SlideView) -> None:
        super().__init__(view)
        self._view = view
        self._ready: dict[TileRequest, ReadTile] = {}
        self._unreadable: set[TileRequest] = set()
        self._asked: TileRequest | None = None
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._go_on)
        view.session.runner.closing.connect(self._rest.stop)
        view.slide_shown.connect(self._on_slide_shown)

    def hand_over(self) -> None:
        """Give what there is of the slide shown now to its loader."""
        entry = self._view.entry
        colour = self._view.session.colours_of(self._view.number)
        for request, tile in self._ready.items():
            known = entry is not None and request.slide is entry.opened.slide
            if known and request.colour == colour:
                self._view.loader.take_ready(request.place, tile)

    @property
    def settled(self) -> bool:
        """True when everything that shall be at hand is."""
        return self._asked is None and not self._rest.isActive()

    @Slot()
    def _on_slide_shown(self) -> None:
        self._unreadable.clear()
        self._rest.start()

    @Slot()
    def _go_on(self) -> None:
        view = self._view
        if self._asked is not None:
            return
        if not view.settled or view.session.opening:
            self._rest.start()
            return
        wanted = list(self._wanted())
        self._ready = {r: self._ready[r] for r in wanted if r in self._ready}
        done = self._ready.keys() | self._unreadable
        self._asked = next((r for r in wanted if r not in done), None)
        if self._asked is not None:
            job = Job(self._asked, read_tile)
            job.answered.connect(self._on_tile)
            job.failed.connect(self._on_failure)
            view.session.runner.start(job, Lane.TILES)

    def _wanted(self) -> Iterator[TileRequest]:
        view = self._view
        for entry in self._neighbours():
            slide = entry.opened.slide
            start = view.navigator.beginning(entry.size, view.place_of(slide))
            colour = view.session.colours_of(entry.number)
            for tile in wanted_tiles(start, entry.size, view.devicePixelRatioF()):
                yield TileRequest(slide, tile, colour)

    def _neighbours(self) -> Iterator[SlideEntry]:
        """The next and the previous one; of a huge photo nothing is read ahead."""
        view, slides = self._view, self._view.session.slides
        numbers = [entry.number for entry in slides]
        if not view.follows or view.number not in numbers:
            return
        here = numbers.index(view.number)
        for step in (1, -1):
            entry = slides[(here + step) % len(slides)]
            photo = isinstance(entry.opened.slide, PhotoSlide)
            huge = photo and entry.size[0] * entry.size[1] > LARGEST_PHOTO
            if entry.number != view.number and not huge:
                yield entry

    @Slot(object)
    def _on_tile(self, answer: Answer) -> None:
        self._asked = None
        self._ready[answer.request] = answer.value
        self._go_on()

    @Slot(object)
    def _on_failure(self, failure: Failure) -> None:
        """It is told when the slide is looked at."""
        self._asked = None
        self._unreadable.add(failure.request)
        self._go_on()
