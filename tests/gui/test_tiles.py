"""The smear's tiles: which are wanted, read, kept, recoloured and tried again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from marrowscope.domain.errors import UnreadableRegion
from marrowscope.domain.geometry import Pixels
from marrowscope.gui.jobs import Job, JobRunner, Lane, Progress
from marrowscope.gui.slide_view import tile_loading, tile_trouble
from marrowscope.gui.slide_view.tile_cache import TileCache
from marrowscope.gui.slide_view.tile_loading import TileLoader
from marrowscope.gui.slide_view.tile_painting import NOT_HERE, paint_tiles
from marrowscope.gui.slide_view.tile_places import (
    TILE,
    TilePlace,
    coarsest,
    zoom_in_motion,
)
from marrowscope.gui.slide_view.tile_reading import ReadTile, TileRequest, read_tile
from marrowscope.gui.slide_view.tile_wishes import MOST_AHEAD, wished
from marrowscope.gui.slide_view.viewport import Viewport
from marrowscope.imaging.display_colour import DisplayColour
from marrowscope.imaging.memory_slide import MemorySlide

SIZE = (5120, 5120)
TILE_BYTES = TILE * TILE * 4


class AwkwardSlide(MemorySlide):
    """A slide on a share: may be `gone`, may be held up; tells what was read of it."""

    def __init__(self) -> None:
        super().__init__(np.full((*SIZE, 3), 128, np.uint8), name="far.tif")
        self.gone = False
        self.may_read = threading.Event()
        self.may_read.set()
        self.places: list[tuple[int, int]] = []

    def read(self, x: int, y: int, width: int, height: int, *, level: int) -> Pixels:
        self.may_read.wait(20)
        self.places.append((x, y))
        if self.gone:
            raise UnreadableRegion("far.tif cannot be read here.", "Look for it.")
        return super().read(x, y, width, height, level=level)


@pytest.fixture
def slide() -> Iterator[AwkwardSlide]:
    made = AwkwardSlide()
    yield made
    made.may_read.set()


@pytest.fixture
def loader(qapp: QApplication, slide: AwkwardSlide) -> Iterator[TileLoader]:
    runner = JobRunner()
    made = TileLoader(runner)
    made.show(slide)
    yield made
    slide.may_read.set()
    assert runner.close()


def view_at(x: float, y: float, scale: float = 1.0) -> Viewport:
    return Viewport(x, y, scale, 900, 700)


def painted(loader: TileLoader, view: Viewport) -> QImage:
    picture = QImage(900, 700, QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFFFF)
    painter = QPainter(picture)
    paint_tiles(painter, loader.cache, view, SIZE, 1.0)
    painter.end()
    return picture


# Wishes --------------------------------------------------------------------------


def test_tiles_are_read_ahead_where_the_view_travels() -> None:
    rest = wished(view_at(2500, 2500), None, SIZE, 1.0)
    assert rest.ahead == ()
    right = wished(view_at(2500, 2500), view_at(2490, 2500), SIZE, 1.0)
    assert right.seen == rest.seen
    assert right.ahead
    beyond = max(p.column for p in right.seen if p.zoom == 0)
    assert all(p.column > beyond for p in right.ahead)
    up = wished(view_at(2500, 2500), view_at(2500, 2520), SIZE, 1.0)
    assert min(p.row for p in up.ahead) < min(p.row for p in up.seen if p.zoom == 0)


def test_zooming_reads_the_next_level_ahead_and_never_too_much() -> None:
    closer = wished(view_at(2500, 2500, 0.3), view_at(2500, 2500, 0.2), SIZE, 1.0)
    in_motion = zoom_in_motion(0.3, SIZE)
    assert [p.zoom for p in closer.ahead] == sorted(p.zoom for p in closer.ahead)[::-1]
    assert {p.zoom for p in closer.ahead} == {in_motion, 0}
    away = wished(view_at(2500, 2500, 0.9), view_at(2500, 2500, 1.1), SIZE, 1.0)
    assert {p.zoom for p in away.ahead} <= {1}
    assert len(closer.ahead) <= MOST_AHEAD


def test_nothing_is_read_ahead_of_a_window_that_was_resized() -> None:
    view = view_at(2500, 2500, 0.3)
    narrower = replace(view, width=view.width / 2, scale=0.15)
    assert wished(narrower, view, SIZE, 1.0).ahead == ()


def test_the_whole_slides_tile_is_first_unless_all_of_the_slide_is_seen() -> None:
    whole = TilePlace(coarsest(SIZE), 0, 0)
    assert wished(view_at(2500, 2500), None, SIZE, 1.0).seen[0] == whole
    fitting = wished(view_at(2560, 2560, 0.1), None, SIZE, 1.0).seen
    assert fitting[-1] == whole
    assert {place.zoom for place in fitting[:-1]} == {3}


# The cache -----------------------------------------------------------------------


def test_the_cache_holds_no_more_than_it_may() -> None:
    cache = TileCache(limit=10 * TILE_BYTES)
    tile = QImage(TILE, TILE, QImage.Format.Format_RGB32)
    for column in range(30):
        cache.put(TilePlace(0, column, 0), QImage(tile))
    assert cache.bytes <= 10 * TILE_BYTES
    assert TilePlace(0, 29, 0) in cache
    assert TilePlace(0, 0, 0) not in cache


def test_a_whole_day_of_panning_stays_within_the_bound(
    qtbot: QtBot, loader: TileLoader, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader.cache = TileCache(12 * TILE_BYTES)
    loader._plain = TileCache(6 * TILE_BYTES)
    loader.show_colour(DisplayColour(brightness=0.2))
    for x in range(500, 4600, 400):
        loader.look(view_at(x, x), 1.0)
        qtbot.waitUntil(lambda: loader.idle)
        assert loader.cache.bytes <= 12 * TILE_BYTES
        assert loader._plain.bytes <= 6 * TILE_BYTES
    limits = tile_loading.SHOWN_BYTES + tile_loading.PLAIN_BYTES
    assert limits == 256 << 20


# Reading -------------------------------------------------------------------------


def test_a_coarse_tile_is_the_average_of_what_it_shows() -> None:
    pixels = np.zeros((1100, 1300, 3), np.uint8)
    pixels[:, ::2] = 200
    request = TileRequest(MemorySlide(pixels), TilePlace(1, 0, 0))
    tile = read_tile(request, None).shown  # type: ignore[arg-type]
    assert (tile.width(), tile.height()) == (512, 512)
    assert tile.pixelColor(100, 100).red() == 100


def test_edge_tiles_show_the_slide_and_nothing_beyond() -> None:
    pixels = np.full((700, 900, 3), 90, np.uint8)
    request = TileRequest(MemorySlide(pixels), TilePlace(0, 1, 1))
    tile = read_tile(request, None).shown  # type: ignore[arg-type]
    assert (tile.width(), tile.height()) == (900 - 512, 700 - 512)


def test_wishes_that_have_scrolled_away_are_never_read(
    qtbot: QtBot, loader: TileLoader, slide: AwkwardSlide
) -> None:
    slide.may_read.clear()
    for x in range(600, 4600, 100):
        loader.look(view_at(x, 600), 1.0)
    loader.look(view_at(4600, 4600), 1.0)
    slide.may_read.set()
    qtbot.waitUntil(lambda: loader.idle)
    assert TilePlace(0, 8, 8) in loader.cache
    middle = [x for x, y in slide.places if y < 2000 and 1500 < x < 4000]
    assert len(middle) <= loader._runner.tile_readers


def test_a_wish_still_queued_behind_other_work_is_taken_back(
    qtbot: QtBot, loader: TileLoader, slide: AwkwardSlide
) -> None:
    runner, go_on = loader._runner, threading.Event()
    others = [Job(n, lambda *_: go_on.wait(20)) for n in range(runner.tile_readers)]
    for job in others:
        runner.start(job, Lane.TILES)
    loader.look(view_at(600, 600), 1.0)
    loader.look(view_at(4600, 4600), 1.0)
    go_on.set()
    qtbot.waitUntil(lambda: loader.idle)
    assert (512, 512) not in slide.places
    assert not any(x < 1024 and y < 1024 for x, y in slide.places if (x, y) != (0, 0))


def test_a_view_looked_at_again_asks_for_no_tile_twice(
    qtbot: QtBot,
    loader: TileLoader,
    slide: AwkwardSlide,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = list[TilePlace]()

    def noted(request: TileRequest, progress: Progress) -> ReadTile:
        asked.append(request.place)
        return read_tile(request, progress)

    monkeypatch.setattr(tile_loading, "read_tile", noted)
    slide.may_read.clear()
    loader.look(view_at(600, 600), 1.0)
    loader.look(view_at(600, 600), 1.0)
    slide.may_read.set()
    qtbot.waitUntil(lambda: loader.idle)
    assert len(asked) == len(set(asked)) > 4


# Colours -------------------------------------------------------------------------


def test_another_colour_recolours_what_is_seen_without_reading_it_again(
    qtbot: QtBot, loader: TileLoader, slide: AwkwardSlide
) -> None:
    view = view_at(2500, 2500)
    loader.look(view, 1.0)
    qtbot.waitUntil(lambda: loader.idle)
    read = len(slide.places)
    colours: set[int] = set()
    loader.arrived.connect(
        lambda: colours.add(painted(loader, view).pixelColor(450, 350).red())
    )
    for step in range(1, 9):
        loader.show_colour(DisplayColour(brightness=step / 10))
    qtbot.waitUntil(lambda: painted(loader, view).pixelColor(5, 5).red() > 220)
    qtbot.waitUntil(lambda: loader.idle)
    assert len(slide.places) == read
    assert max(colours) == 128 + round(0.8 / 2 * 255)
    loader.show_colour(DisplayColour())
    qtbot.waitUntil(lambda: painted(loader, view).pixelColor(5, 5).red() == 128)


def test_a_picture_is_never_of_two_colours(
    qtbot: QtBot, loader: TileLoader, slide: AwkwardSlide
) -> None:
    view = view_at(2500, 2500)
    loader.look(view, 1.0)
    qtbot.waitUntil(lambda: loader.idle)
    mixed: list[int] = []

    def look_closely() -> None:
        picture = painted(loader, view)
        found = {picture.pixel(x, y) for x in range(0, 900, 90) for y in (5, 350, 690)}
        mixed.append(len(found))

    loader.arrived.connect(look_closely)
    for step in range(1, 6):
        loader.show_colour(DisplayColour(contrast=step / 10, brightness=step / 10))
        QApplication.processEvents()
    qtbot.waitUntil(lambda: loader.idle)
    assert mixed
    assert set(mixed) == {1}


# Trouble -------------------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries and complaints come sooner than a reader would bear."""
    monkeypatch.setattr(tile_trouble, "FIRST_RETRY_MS", 20)
    monkeypatch.setattr(tile_trouble, "LAST_RETRY_MS", 40)
    monkeypatch.setattr(tile_trouble, "SLOW_MS", 60)


@pytest.mark.usefixtures("hasty")
def test_a_share_that_is_gone_leaves_grey_and_a_sentence_and_comes_back_by_itself(
    qtbot: QtBot, qapp: QApplication, slide: AwkwardSlide
) -> None:
    runner = JobRunner()
    loader = TileLoader(runner)
    loader.show(slide)
    view = view_at(2500, 2500)
    slide.gone = True
    loader.look(view, 1.0)
    qtbot.waitUntil(lambda: "far.tif cannot be read" in loader.trouble.text)
    qtbot.waitUntil(lambda: loader.idle)
    assert abs(painted(loader, view).pixelColor(450, 350).red() - 200) < 16
    before = len(slide.places)
    qtbot.waitUntil(lambda: len(slide.places) >= before + 3)
    slide.gone = False
    qtbot.waitUntil(lambda: loader.trouble.text == "")
    qtbot.waitUntil(lambda: loader.idle)
    assert painted(loader, view).pixelColor(450, 350).red() == 128
    assert not loader.cache.unreadable
    assert runner.close()


@pytest.mark.usefixtures("hasty")
def test_a_slow_share_is_grey_and_said_until_it_answers(
    qtbot: QtBot, qapp: QApplication, slide: AwkwardSlide
) -> None:
    runner = JobRunner()
    loader = TileLoader(runner)
    loader.show(slide)
    view = view_at(2500, 2500)
    slide.may_read.clear()
    loader.look(view, 1.0)
    qtbot.waitUntil(lambda: "takes long" in loader.trouble.text)
    assert painted(loader, view).pixelColor(450, 350) == NOT_HERE
    slide.may_read.set()
    qtbot.waitUntil(lambda: loader.trouble.text == "" and loader.idle)
    assert painted(loader, view).pixelColor(450, 350).red() == 128
    assert runner.close()


@pytest.mark.usefixtures("hasty")
def test_one_damaged_tile_does_not_stop_the_others(
    qtbot: QtBot, qapp: QApplication, slide: AwkwardSlide, monkeypatch
) -> None:
    whole = AwkwardSlide.read

    def damaged(self, x, y, width, height, *, level):
        if (x, y, level) == (2048, 2048, 0):
            raise UnreadableRegion("far.tif cannot be read here.", "Copy it again.")
        return whole(self, x, y, width, height, level=level)

    monkeypatch.setattr(AwkwardSlide, "read", damaged)
    runner = JobRunner()
    loader = TileLoader(runner)
    loader.show(slide)
    loader.look(view_at(2500, 2500), 1.0)
    qtbot.waitUntil(lambda: loader.idle and bool(loader.trouble.text))
    assert list(loader.cache.unreadable) == [TilePlace(0, 4, 4)]
    assert painted(loader, view_at(2500, 2500)).pixelColor(890, 690).red() == 128
    loader.look(view_at(600, 600), 1.0)
    qtbot.waitUntil(lambda: loader.trouble.text == "")
    loader.look(view_at(2500, 2500), 1.0)
    assert loader.trouble.text
    assert runner.close()
