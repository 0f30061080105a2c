"""Reading tiles on workers, keeping the last ones, forgetting stale wishes."""

from __future__ import annotations

import logging
import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.gui.jobs import Answer, Failure, Job, JobRunner, Lane, Progress
from marrowscope.gui.slide_view.tile_places import TilePlace
from marrowscope.imaging.fields import best_level, read_resized
from marrowscope.imaging.halving import halved
from marrowscope.imaging.slide import Slide

log = logging.getLogger(__name__)
CACHE_BYTES = 256 << 20
MOST_HALVINGS = 3  # a larger step would hold too many pixels at once


@dataclass(frozen=True, slots=True)
class TileRequest:
    """One tile of one slide."""

    slide: Slide
    place: TilePlace


def read_tile(request: TileRequest, progress: Progress) -> QImage:
    """The tile's picture, smaller at the slide's right and bottom edge."""
    identity = request.slide.identity
    region = request.place.region((identity.width, identity.height))
    return picture_of(_halved_down(request.slide, region, 1 << request.place.zoom))


def _halved_down(slide: Slide, region: Box, shrink: int) -> Pixels:
    """A region `shrink` times smaller; halving is ten times faster than resampling."""
    number = best_level(slide.levels, shrink)
    times = math.log2(shrink / slide.levels[number].downsample)
    if abs(times - round(times)) > 0.01 or times > MOST_HALVINGS:
        width, height = (
            max(1, round(side / shrink)) for side in (region.width, region.height)
        )
        return read_resized(slide, region, width=width, height=height)
    size = (
        max(1, math.ceil(side / slide.levels[number].downsample - 0.01))
        for side in (region.width, region.height)
    )
    pixels = slide.read(int(region.x), int(region.y), *size, level=number)
    for _ in range(round(times)):
        pixels = halved(pixels)
    return pixels


def picture_of(pixels: np.ndarray) -> QImage:
    """RGB (H, W, 3) as a picture that owns its memory and draws fastest."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    borrowed = QImage(
        pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888
    )
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)


class TileCache:
    """The tiles used last, at most `limit` bytes of them."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._tiles: OrderedDict[TilePlace, QImage] = OrderedDict()
        self.bytes = 0

    def get(self, place: TilePlace) -> QImage | None:
        tile = self._tiles.get(place)
        if tile is not None:
            self._tiles.move_to_end(place)
        return tile

    def __contains__(self, place: TilePlace) -> bool:
        return place in self._tiles

    def put(self, place: TilePlace, tile: QImage) -> None:
        """Keep a tile; those unused longest make room."""
        old = self._tiles.pop(place, None)
        self.bytes += tile.sizeInBytes() - (old.sizeInBytes() if old else 0)
        self._tiles[place] = tile
        while self.bytes > self._limit and len(self._tiles) > 1:
            _, dropped = self._tiles.popitem(last=False)
            self.bytes -= dropped.sizeInBytes()

    def clear(self) -> None:
        self._tiles.clear()
        self.bytes = 0


class TileLoader(QObject):
    """Tiles of the slide shown. `arrived` says that one more can be painted.

    Only a handful is asked for at a time, always the most wanted of the last `want`,
    so that what has scrolled away is never read.
    """

    arrived = Signal()

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._slide: Slide | None = None
        self.cache = TileCache()
        self._wanted: list[TilePlace] = []
        self._asked: set[TileRequest] = set()
        self._broken: set[TilePlace] = set()
        self._held = False

    def show(self, slide: Slide | None) -> None:
        """Load tiles of another slide from now on."""
        if slide is not self._slide:
            self._slide = slide
            self.cache.clear()
            self._wanted, self._broken = [], set()

    def hold(self, held: bool) -> None:
        """Ask for nothing while slides are being opened and closed."""
        self._held = held
        self._ask()

    @property
    def idle(self) -> bool:
        """True when nothing is wanted any more."""
        return not self._wanted and not self._asked

    def want(self, places: Sequence[TilePlace]) -> None:
        """The tiles to have, most wanted first; earlier wishes are forgotten."""
        self._wanted = [
            p for p in places if p not in self.cache and p not in self._broken
        ]
        self._ask()

    def _ask(self) -> None:
        if self._slide is None or self._held:
            return
        room = self._runner.tile_readers - len(self._asked)
        for place in list(self._wanted):
            if room <= 0:
                return
            request = TileRequest(self._slide, place)
            self._wanted.remove(place)
            if request in self._asked:
                continue
            job = Job(request, read_tile)
            job.answered.connect(self._on_tile)
            job.failed.connect(self._on_failure)
            self._asked.add(request)
            self._runner.start(job, Lane.TILES)
            room -= 1

    @Slot(object)
    def _on_tile(self, answer: Answer) -> None:
        request: TileRequest = answer.request
        self._asked.discard(request)
        if request.slide is self._slide:
            self.cache.put(request.place, answer.value)
            self.arrived.emit()
        self._ask()

    @Slot(object)
    def _on_failure(self, failure: Failure) -> None:
        request: TileRequest = failure.request
        self._asked.discard(request)
        if request.slide is self._slide:
            self._broken.add(request.place)
            log.info("a tile cannot be read: %s", _what(failure.error))
            self.arrived.emit()
        self._ask()


def _what(error: MarrowScopeError) -> str:
    return error.what
