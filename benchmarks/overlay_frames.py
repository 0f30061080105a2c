"""Frames of a view on 555,052 cells while it zooms, is dragged and comes to rest.

Each is painted by the view's own painting into a picture of 1600 by 1000 pixels, which
stays the same one, as the window's does. The view is led through the steps that a notch
of the wheel takes, and tiles arrive meanwhile as they do for a reader. In turn with it
the tiles alone are painted, pyqtgraph's ScatterPlotItem and a QGraphicsScene.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEasingCurve, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication, QGraphicsScene

from benchmarks.large_window import wait_until
from benchmarks.results import Row
from marrowscope.gui.slide_view.motion import MILLISECONDS
from marrowscope.gui.slide_view.navigator import WHEEL_STEP
from marrowscope.gui.slide_view.tile_painting import paint_tiles
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.slide_view.viewport import Viewport, fitting

SIZE = 1600, 1000
STEPS, PLACES = 20, 3
SLOW_STEPS = 4  # the others are painted at every fourth step only, or it takes an hour
TICK = 1 / 60  # seconds between the frames of a motion
NOTCH = round(MILLISECONDS / 1000 / TICK)  # frames
LOOK = 0.3  # seconds that a reader looks before he goes on
CURSOR, DRAG = (500.0, 400.0), (17.0, -9.0)  # pixels
SMOOTH = 0.0083  # seconds: a frame of 120 Hz
SOON = 0.1  # seconds: what comes so soon seems to come at once

Clock = Callable[[], float]
Times = dict[tuple[str, int], list[float]]  # of a way of painting at a step, in seconds
ZOOMING, DRAGGED, CALM = "zooming", "dragged", "come to rest"
SHARP, AGAIN = "the sharp picture come", "at rest, painted once more"
WAITED, TILES = "from rest to the sharp picture (wall)", "tiles"


class Frames:
    """Times frames of one view, each way of painting at each step of the zoom."""

    def __init__(
        self, application: QApplication, view: SlideView, clock: Clock
    ) -> None:
        self._application, self.view, self._clock = application, view, clock
        self._picture = QImage(*SIZE, QImage.Format.Format_RGB32)
        self.times: Times = {}

    def time(self, way: str, step: int, paint: Callable[[QPainter], None]) -> None:
        """Paint once."""
        painter = QPainter(self._picture)
        began = self._clock()
        paint(painter)
        self.times.setdefault((way, step), []).append(self._clock() - began)
        painter.end()

    def round(self, step: int, place: Viewport, factor: float) -> None:
        """A notch of the wheel at one place, its rest, and a drag from there."""
        view, navigator = self.view, self.view.navigator
        self._go(place)
        *_, goal = viewports = list(notch(place, factor))
        for viewport in viewports:
            self._turn_events()
            navigator.follow(viewport)
            self.time(ZOOMING, step, view.paint_smear)
        wait_until(self._application, lambda: view.loader.idle)
        self._go(place)  # the picture kept is not of the last step any more
        navigator.follow(goal)
        began = time.perf_counter()
        self.time(CALM, step, self._come_to_rest)
        wait_until(self._application, lambda: view.settled)
        self.time(SHARP, step, view.paint_smear)
        self.times.setdefault((WAITED, step), []).append(time.perf_counter() - began)
        self.time(AGAIN, step, view.paint_smear)
        self.time(TILES, step, self._paint_tiles)
        for _ in range(NOTCH):
            self._turn_events()
            navigator.follow(navigator.viewport.panned(*DRAG))
            self.time(DRAGGED, step, view.paint_smear)

    def _go(self, place: Viewport) -> None:
        """Look at a place for a moment."""
        self.view.navigator.follow(place)
        self.view.navigator.pacing.rest()
        wait_until(self._application, lambda: self.view.settled)
        painter = QPainter(self._picture)
        self.view.paint_smear(painter)
        painter.end()
        self._turn_events(LOOK)

    def _turn_events(self, seconds: float = TICK) -> None:
        """Let tiles arrive until the next frame is due."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self._application.processEvents()
            time.sleep(0.001)

    def _come_to_rest(self, painter: QPainter) -> None:
        """Rest; nothing is painted then while the sharp picture is made elsewhere."""
        self.view.navigator.pacing.rest()
        if self.view.settled:
            self.view.paint_smear(painter)

    def _paint_tiles(self, painter: QPainter) -> None:
        view, size = self.view, self.view.navigator.slide or (1, 1)
        paint_tiles(painter, view.loader.cache, view.navigator.viewport, size, 1.0)


def notch(place: Viewport, factor: float) -> Iterator[Viewport]:
    """The frames of one notch of the wheel, eased as the view's own motion is."""
    curve = QEasingCurve(QEasingCurve.Type.OutCubic)
    for number in range(1, NOTCH + 1):
        share = curve.valueForProgress(number / NOTCH)
        yield place.zoomed(place.scale * factor**share, at=CURSOR)


def script(view: SlideView) -> list[list[Viewport]]:
    """Twenty steps of the zoom from the whole slide to 40x, some places at each."""
    size = view.navigator.slide
    assert size is not None
    fit = fitting(size, *SIZE)  # the window itself opens where the reader was last
    rng = np.random.default_rng(3)
    steps = []
    for scale in np.geomspace(fit.scale, 1.0, STEPS).tolist():
        middles = rng.uniform(14_000, 26_000, (PLACES, 2)).tolist()
        steps.append([Viewport(x, y, scale, *SIZE) for x, y in middles])
    return steps


def frames(
    application: QApplication, view: SlideView, *, rounds: int, clock: Clock
) -> list[Row]:
    """Every way of painting, step by step in turn; inwards and outwards by rounds."""
    timed = Frames(application, view, clock)
    slow = {"pyqtgraph": _scatter(view), "QGraphicsScene": _items(view)}
    for number in range(rounds):
        factor = WHEEL_STEP if number % 2 else 1 / WHEEL_STEP
        for step, places in enumerate(script(view)):
            for place in places:
                timed.round(step, place, factor)
            if step % SLOW_STEPS == 0:
                for name, paint in slow.items():
                    timed.time(name, step, partial(paint, place=places[0]))
    return _rows(timed.times, list(slow))


def _rows(times: Times, others: Sequence[str]) -> list[Row]:
    rows = []
    for way in (ZOOMING, DRAGGED, CALM, SHARP, AGAIN):
        step, spent = _worst(times, way)
        what = f"{way}, worst of {STEPS} zoom steps (number {step})"
        if way == ZOOMING:
            tiles = times[TILES, step]
            rows.append(
                Row(f"{what} against its tiles at rest", spent, tiles, ">= 0.04 x")
            )
        rows.append(Row(what, spent, [SMOOTH], f"<= {1000 * SMOOTH:g} ms"))
    step, spent = _worst(times, WAITED)
    rows.append(
        Row(
            f"{WAITED}, worst of {STEPS} zoom steps (number {step})",
            spent,
            [SOON],
            f"<= {1000 * SOON:g} ms",
        )
    )
    worst, whole = _worst(times, ZOOMING)[1], times[ZOOMING, 0]
    for name in others:
        against = times[name, 0]
        rows.append(Row(f"whole slide against {name}", whole, against, "> 1 x"))
        theirs = _worst(times, name)[1]
        rows.append(Row(f"zooming at worst, {name} at worst", worst, theirs, "> 1 x"))
    return rows


def _worst(times: Times, way: str) -> tuple[int, list[float]]:
    """The step with the highest 95th percentile, and its times."""
    own = [(step, spent) for (name, step), spent in times.items() if name == way]
    return max(own, key=lambda pair: float(np.percentile(pair[1], 95)))


def _scatter(view: SlideView) -> Callable[..., None]:
    """A ScatterPlotItem of squares without tiles beneath."""
    assert view.cells.shown is not None
    boxes = view.cells.shown.grid.boxes
    widget = pyqtgraph.PlotWidget()
    widget.resize(*SIZE)
    widget.hideAxis("left")
    widget.hideAxis("bottom")
    item = pyqtgraph.ScatterPlotItem(
        x=boxes[:, 0], y=boxes[:, 1], size=boxes[:, 2], symbol="s", pxMode=False
    )
    item.setBrush(None)
    widget.addItem(item)
    frame_of = widget.getViewBox()

    def frame(painter: QPainter, place: Viewport) -> None:
        region = place.region
        limits = QRectF(region.x, region.y, region.width, region.height)
        frame_of.setRange(limits, padding=0)
        widget.render(painter)

    return frame


def _items(view: SlideView) -> Callable[..., None]:
    """One item for each cell, without tiles beneath."""
    assert view.cells.shown is not None
    scene, pen = QGraphicsScene(view), QPen(QColor("#0072b2"), 1.5)
    pen.setCosmetic(True)
    for box in view.cells.shown.grid.boxes.tolist():
        scene.addRect(QRectF(*box), pen)

    def frame(painter: QPainter, place: Viewport) -> None:
        region = place.region
        source = QRectF(region.x, region.y, region.width, region.height)
        scene.render(painter, QRectF(0, 0, *SIZE), source)

    return frame
