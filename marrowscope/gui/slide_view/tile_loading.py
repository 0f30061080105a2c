"""Asking workers for tiles: what is seen first, stale wishes dropped, bad ones retried.

Nothing here waits: a share that is slow or gone leaves grey tiles, a sentence, and a
question put again every few seconds, and the window goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal, Slot

from marrowscope.gui.jobs import Answer, Failure, Job, JobRunner, Lane
from marrowscope.gui.slide_view.tile_cache import TileCache
from marrowscope.gui.slide_view.tile_news import TileNews
from marrowscope.gui.slide_view.tile_places import TilePlace
from marrowscope.gui.slide_view.tile_reading import ReadTile, TileRequest, read_tile
from marrowscope.gui.slide_view.tile_trouble import TileTrouble
from marrowscope.gui.slide_view.tile_wishes import Wishes, wanted_tiles, wished
from marrowscope.gui.slide_view.viewport import Viewport
from marrowscope.imaging.display_colour import AS_THE_FILE_SAYS, DisplayColour
from marrowscope.imaging.slide import Slide

log = logging.getLogger(__name__)
SHOWN_BYTES, PLAIN_BYTES = 160 << 20, 96 << 20
ASKED = 2  # tiles for each reader: the next is at hand while the window paints


class TileLoader(QObject):
    """Tiles of the slide shown. `arrived` says that there is something new to paint.

    At most SHOWN_BYTES of tiles as they are painted are kept (`cache`), and at most
    PLAIN_BYTES as they were before a reader's curves (often the same pictures): 256 MB
    together. Only ASKED tiles for each reader are asked for at a time, always the most
    wanted of the last `look`; what scrolls away before it is begun is never read.
    """

    arrived = Signal()

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._slide: Slide | None = None
        self._colour = self._next_colour = AS_THE_FILE_SAYS
        self.cache = TileCache(SHOWN_BYTES)
        self._plain = TileCache(PLAIN_BYTES)
        self._news = TileNews(self)
        self._news.told.connect(self.arrived)
        self.trouble = TileTrouble(self)
        self.trouble.retry.connect(self._on_retry)
        self._view: tuple[Viewport, float] | None = None
        self._wishes = Wishes()
        self._waiting: list[TilePlace] = []
        self._asked: dict[TileRequest, Job] = {}
        self._recoloured: set[TilePlace] = set()
        self._held = False

    def show(
        self, slide: Slide | None, colour: DisplayColour = AS_THE_FILE_SAYS
    ) -> None:
        """Load tiles of this slide from now on, and show them so."""
        if slide is self._slide:
            self.show_colour(colour)
        else:
            self._slide, self._view = slide, None
            self._colour = self._next_colour = colour
            self.cache.clear()
            self._plain.clear()
            self._recoloured.clear()
            self.trouble.forget(slide.identity.name if slide else "")
            self._wish(Wishes())

    def take_ready(self, place: TilePlace, tile: ReadTile) -> None:
        """A tile of the slide shown, in its colours, that was read already."""
        self._plain.put(place, tile.plain)
        self.cache.put(place, tile.shown)

    def hold(self, held: bool) -> None:
        """Ask for nothing while slides are being opened and closed."""
        self._held = held
        self._ask()

    @property
    def idle(self) -> bool:
        """True when nothing is wanted any more."""
        return not self._waiting and not self._asked

    def look(self, view: Viewport, device_ratio: float) -> None:
        """Have the tiles of this view, and those the reader is on the way to."""
        if self._slide is None:
            return
        before = self._view[0] if self._view else None
        size = self._slide.identity.width, self._slide.identity.height
        self._view = view, device_ratio
        self._wish(wished(view, before, size, device_ratio))

    def look_ahead(self, view: Viewport) -> None:
        """Have the tiles of this view too, after all that is seen now."""
        if self._slide is not None and self._view is not None:
            size = self._slide.identity.width, self._slide.identity.height
            ahead = wanted_tiles(view, size, self._view[1])
            self._wish(Wishes(self._wishes.seen, tuple(ahead)))

    def show_colour(self, colour: DisplayColour) -> None:
        """Show tiles so from now on.

        While tiles are recoloured only the last wish is kept: each picture is of one
        colour, and a slider that is dragged never gets ahead of it.
        """
        self._next_colour = colour
        if not self._recoloured:
            self._recolour()

    def _recolour(self) -> None:
        if self._colour == self._next_colour:
            return
        if self._colour.profile != self._next_colour.profile:
            self._plain.clear()
        self._colour = self._next_colour
        self.cache.outdate()
        here = (p for p in self._wishes.seen if self.cache.get(p) is not None)
        self._recoloured = set(here)
        self._wish(self._wishes)

    # Wishes ----------------------------------------------------------------------

    def _wish(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._waiting = [p for p in (*wishes.seen, *wishes.ahead) if self._lacks(p)]
        wanted = set(self._waiting)
        self._recoloured &= wanted
        for request, job in list(self._asked.items()):
            stale = request.slide is not self._slide or request.place not in wanted
            if stale and self._runner.withdraw(job):
                del self._asked[request]
        if self.cache.unreadable.keys() & set(wishes.seen):
            self.trouble.met()
        else:
            self.trouble.over()
        self._ask()

    def _lacks(self, place: TilePlace) -> bool:
        return place not in self.cache and place not in self.cache.unreadable

    def _ask(self) -> None:
        if self._slide is None or self._held:
            return
        asked = {r.place for r in self._asked if r.slide is self._slide}
        most = ASKED * self._runner.tile_readers
        while self._waiting and len(self._asked) < most:
            place = self._waiting.pop(0)
            if place not in asked and self._lacks(place):
                self._start(self._slide, place)
        self.trouble.watch(waiting=bool(self._asked))

    def _start(self, slide: Slide, place: TilePlace) -> None:
        request = TileRequest(slide, place, self._colour, self._plain.get(place))
        job = Job(request, read_tile)
        job.answered.connect(self._on_tile)
        job.failed.connect(self._on_failure)
        self._asked[request] = job
        self._runner.start(job, Lane.TILES)

    # Answers ---------------------------------------------------------------------

    @Slot(object)
    def _on_tile(self, answer: Answer) -> None:
        request: TileRequest = answer.request
        self._asked.pop(request, None)
        if request.slide is self._slide:
            self.trouble.heard()
            self._take(request, answer.value)
        self._ask()

    def _take(self, request: TileRequest, tile: ReadTile) -> None:
        place = request.place
        if request.colour.profile == self._colour.profile:
            self._plain.put(place, tile.plain)
        if request.colour != self._colour:
            self._waiting.insert(0, place)  # asked for before the colours changed
            return
        self.cache.put(place, tile.shown)
        if place in self.cache.unreadable:
            # It is back: so are the others, most likely.
            self.cache.unreadable.clear()
            self._wish(self._wishes)
        self._paint_when_recoloured(place)

    @Slot(object)
    def _on_failure(self, failure: Failure) -> None:
        request: TileRequest = failure.request
        self._asked.pop(request, None)
        if request.slide is self._slide:
            self.trouble.heard()
            log.info("a tile cannot be read: %s", failure.error.what)
            place = request.place
            # To the end of those to be tried again.
            self.cache.unreadable.pop(place, None)
            self.cache.unreadable[place] = None
            self.trouble.met()
            self._paint_when_recoloured(place)
        self._ask()

    def _paint_when_recoloured(self, place: TilePlace) -> None:
        if self._recoloured:
            self._recoloured.discard(place)
            if not self._recoloured:
                self.arrived.emit()
                self._recolour()
        else:
            self._news.come(last=not any(map(self._lacks, self._wishes.seen)))

    @Slot()
    def _on_retry(self) -> None:
        """Try one tile that could not be read, another each time."""
        place = _first(self.cache.unreadable, among={*self._wishes.seen})
        if place is None:
            self.trouble.over()
        elif not self._held and self._slide is not None and not self._asked:
            self._start(self._slide, place)
        else:
            self.trouble.met()


def _first(places: Iterable[TilePlace], *, among: set[TilePlace]) -> TilePlace | None:
    return next((place for place in places if place in among), None)
