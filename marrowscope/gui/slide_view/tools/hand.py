"""The tool in hand by default: click selects, drag moves, Shift and drag frames, Alt
and drag turns.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from marrowscope.gui.slide_view.grip import Grip
from marrowscope.gui.slide_view.hover_card import VEILED_CARD, card_text
from marrowscope.gui.slide_view.layers import Level, Scene
from marrowscope.gui.slide_view.magnification import OBJECTIVES
from marrowscope.gui.slide_view.marks_painting import paint_band
from marrowscope.gui.slide_view.tools.tool import Spot

if TYPE_CHECKING:
    from marrowscope.domain.regions import Region
    from marrowscope.gui.slide_view.view import SlideView

CLICK_SLACK = 4.0  # screen pixels a click may wander
HOLD = 2.0  # degrees: so near, a turned picture holds at upright and quarter turns


class Drag(Enum):
    """What the mouse is doing while its button is down."""

    NONE = 0
    PRESS = 1  # not yet moved: a click so far
    PAN = 2
    BAND = 3
    TURN = 4


class Hand:
    """Selects cells and moves the smear; paints its own rubber band."""

    def __init__(self, view: SlideView) -> None:
        self._view = view
        self._drag = Drag.NONE
        self._start = QPointF()
        self._grip = Grip(view.navigator)
        self._held_angle = 0.0  # of the picture, less that of the mouse
        self._band: QRectF | None = None
        self._hovered: int | None = None
        view.layers.add(self, Level.SCREEN)

    @property
    def cursor(self) -> Qt.CursorShape:
        if self._drag in (Drag.PAN, Drag.TURN):
            return Qt.CursorShape.ClosedHandCursor
        if self._drag is Drag.BAND:
            return Qt.CursorShape.CrossCursor
        shape = Qt.CursorShape
        return shape.ArrowCursor if self._hovered is None else shape.PointingHandCursor

    @property
    def keys(self) -> frozenset[Qt.Key]:
        return frozenset()

    # Mouse -----------------------------------------------------------------------

    def press(self, spot: Spot) -> None:
        self._start = spot.screen
        if spot.has(Qt.KeyboardModifier.AltModifier):
            self._drag = Drag.TURN
            angle = self._view.navigator.viewport.angle
            self._held_angle = angle - self._mouse_angle(spot)
        elif spot.has(Qt.KeyboardModifier.ShiftModifier):
            self._drag = Drag.BAND
        else:
            self._drag = Drag.PRESS

    def drag(self, spot: Spot) -> None:
        wandered = (spot.screen - self._start).manhattanLength() > CLICK_SLACK
        if self._drag is Drag.PRESS and wandered:
            self._drag = Drag.PAN
            self._grip.take(self._start, spot.time)
        if self._drag is Drag.PAN:
            self._grip.pull(spot.screen, spot.time)
        elif self._drag is Drag.TURN:
            self._turn(self._held_angle + self._mouse_angle(spot))
        elif self._drag is Drag.BAND:
            self._band = QRectF(self._start, spot.screen).normalized()
            self._view.update()

    def release(self, spot: Spot) -> None:
        drag, self._drag = self._drag, Drag.NONE
        if drag is Drag.PRESS:
            self._click(spot)
        elif drag is Drag.PAN:
            self._grip.let_go(spot.time)
        elif drag is Drag.BAND:
            self._choose_band()

    def double(self, spot: Spot) -> None:
        """To the strongest objective and back."""
        scale = self._view.objectives.scale_at(len(OBJECTIVES) - 1)
        at = spot.screen.x(), spot.screen.y()
        self._view.navigator.there_and_back(scale, at)

    def _mouse_angle(self, spot: Spot) -> float:
        """Of the mouse around the middle of the view, in degrees clockwise."""
        view = self._view.navigator.viewport
        across, down = (
            spot.screen.x() - view.width / 2,
            spot.screen.y() - view.height / 2,
        )
        return math.degrees(math.atan2(down, across))

    def _turn(self, angle: float) -> None:
        """Turn freely, but hold at quarter turns."""
        quarter = 90.0 * round(angle / 90.0)
        held = abs(angle - quarter) < HOLD
        self._view.navigator.turn_to(quarter if held else angle)

    def _click(self, spot: Spot) -> None:
        session, cell = self._view.session, self._view.cells.at(spot)
        if cell is None:
            session.select_cell(None)
            region = self._view.regions.at(spot, self._view.number)
            session.select_region(region.id if region else None)
        elif spot.has(Qt.KeyboardModifier.ControlModifier):
            others = session.selection[session.selection != cell]
            again = len(others) < len(session.selection)
            session.select_cells(others if again else [*others.tolist(), cell])
        else:
            session.select_cell(cell)

    def point_out(self, spot: Spot) -> int | Region | None:
        """The cell or region that lies there, which is selected if it was not."""
        session, cell = self._view.session, self._view.cells.at(spot)
        if cell is not None:
            if cell not in session.selection:
                session.select_cell(cell)
            return cell
        region = self._view.regions.at(spot, self._view.number)
        if region is not None:
            session.select_region(region.id)
        return region

    @property
    def in_hand(self) -> int | Region | None:
        """The cell that is looked at, else the region in hand."""
        session = self._view.session
        cell = session.selected
        return session.region if cell is None else cell.id

    def _choose_band(self) -> None:
        band, self._band = self._band, None
        self._view.update()
        if band is not None and self._view.cells.shown is not None:
            chosen = self._view.cells.inside(band, self._view.navigator.viewport)
            self._view.session.select_cells(chosen)

    # Hovering --------------------------------------------------------------------

    def hover(self, spot: Spot | None) -> None:
        cell_id = None if spot is None else self._view.cells.at(spot)
        session, card = self._view.session, self._view.card
        cell = None if cell_id is None else session.cell(cell_id)
        if cell is None or spot is None or session.vocabulary is None:
            card.hide()
        elif cell_id != self._hovered or card.isHidden():
            verdict = session.verdicts.get(cell.id)
            text = VEILED_CARD
            if not session.hides_answer(cell.id):
                text = card_text(cell, session.vocabulary, verdict, session.taxonomy)
            card.show_at(text, spot.screen.toPoint())
        self._hovered = cell_id

    # Keys and paint --------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Escape lets the selection go."""
        if event.key() != Qt.Key.Key_Escape:
            return False
        self._view.session.select_cell(None)
        return True

    def lay_down(self) -> None:
        self._drag, self._band, self._hovered = Drag.NONE, None, None
        self._view.card.hide()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if self._band is not None:
            paint_band(painter, self._band, scene.appearance.theme)
