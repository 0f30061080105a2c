"""The wall itself: paints the tiles in sight, and knows of no others."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from marrowscope.gui.cell_crops import CellCrops
from marrowscope.gui.gallery.arranging import NOTHING, Arrangement, Grouping
from marrowscope.gui.gallery.crops import WallCrops
from marrowscope.gui.gallery.desk import GalleryDesk
from marrowscope.gui.gallery.layout import GAP, HEADING, WallLayout
from marrowscope.gui.gallery.painting import paint_empty, paint_wall
from marrowscope.gui.gallery.scene import WallScene
from marrowscope.gui.gallery.scrolling import SmoothScroll
from marrowscope.gui.gallery.selecting import WallSelection
from marrowscope.gui.gallery.words import aside_text, heading_text
from marrowscope.gui.slide_view.marks_painting import paint_band
from marrowscope.gui.theme import Appearance

SIDES = (40, 48, 56, 64, 72, 80, 96, 112, 128, 144, 160)  # pixels of a tile
USUAL = 72
WHERE = "gallery"


class Wall(QAbstractScrollArea):
    """Crops in groups; a scroll bar as long as the whole wall would be.

    `zoomed` carries the pixels of a tile; `pressed_key` a key the wall has no use for.
    """

    zoomed = Signal(int)
    menu_wanted = Signal(object)
    scrolled = Signal()

    def __init__(
        self, desk: GalleryDesk, appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.desk, self._appearance = desk, appearance
        self.selection = WallSelection(desk)
        self.crops = WallCrops(desk, self)
        self.motion = SmoothScroll(self)
        self.side = USUAL
        self.band: QRect | None = None
        self.target: int | None = None
        self.hovered: int | None = None  # heading under the mouse
        self.heading: int | None = None  # of a folded group, where the keyboard stands
        self.words = ""
        self._wall: Arrangement = NOTHING
        self._ids = np.zeros(0, np.int64)
        self._height = 0  # of the part in sight, when it was laid out
        self._follows = False
        self.layout_ = WallLayout((), width=1, side=USUAL)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Gallery of cells")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(QSize(120, 60))
        self.viewport().setMouseTracking(True)
        self.crops.came.connect(self._on_pictures)
        desk.arranged.connect(self._on_arranged)
        desk.marked.connect(self._on_marked)
        desk.wished.connect(self._on_wished)
        desk.renewed.connect(self._on_renewed)
        appearance.changed.connect(self.refresh)

    # What is in sight ------------------------------------------------------------

    @property
    def top(self) -> int:
        """Pixels of the wall above the part in sight."""
        return self.verticalScrollBar().value()

    @property
    def settled(self) -> bool:
        """True when all in sight is painted as it shall be."""
        moving = self.motion.running or not self._painted
        return self.desk.idle and self.crops.idle and not moving

    @Slot()
    def refresh(self) -> None:
        """Paint anew what is in sight."""
        self._painted = False
        self.viewport().update()

    def _lay_out(self) -> None:
        self._wall, cells = self.desk.wall, self.desk.cells
        self._ids = np.zeros(0, np.int64) if cells is None else cells.table.id
        self.layout_ = WallLayout(
            self._wall.groups,
            width=self.viewport().width(),
            side=self.side,
            folded=self.desk.folded,
        )
        bar, height = self.verticalScrollBar(), self.viewport().height()
        self._height = height
        bar.setRange(0, max(0, self.layout_.height - height))
        bar.setPageStep(max(1, height - HEADING))
        bar.setSingleStep(self.side + GAP)

    def set_side(self, side: int, *, at: int | None = None) -> None:
        """Tiles so large from now on; what lies at `at` (pixels down) stays there."""
        if side == self.side:
            return
        held = self._held(at)
        self.side = side
        self._lay_out()
        self._hold(held)
        self.crops.outdate()
        self.zoomed.emit(side)
        self.refresh()

    def zoom(self, steps: int, *, at: int | None = None) -> None:
        """Larger or smaller tiles."""
        number = min(range(len(SIDES)), key=lambda n: abs(SIDES[n] - self.side))
        wanted = min(max(number + steps, 0), len(SIDES) - 1)
        self.set_side(SIDES[wanted], at=at)

    def _held(self, at: int | None) -> tuple[int, int] | None:
        """A cell that shall not move, and how far down it is; the one looked at first.

        It is one that nobody has called just now, or the wall would follow it away.
        """
        places = self.layout_.places(self.top, self.top + self.viewport().height())
        if at is not None:
            nearest = self.layout_.places(self.top + at, self.top + at)
            places = nearest if len(nearest) else places
        if not len(places):
            return None
        ids = self._ids[self._wall.rows[places]]
        steady = ~np.isin(ids, self.desk.session.called_last)
        first = int(steady.argmax())
        rect = self.layout_.rect(int(places[first]))
        return int(ids[first]), rect.top() - self.top

    def _hold(self, held: tuple[int, int] | None) -> None:
        place = None if held is None else self.desk.place_of(held[0])
        if held is not None and place is not None:
            self.motion.put(self.layout_.rect(place).top() - held[1])

    def reveal(self, place: int) -> None:
        """Scroll as little as needed to have this tile in sight."""
        rect, height = self.layout_.rect(place), self.viewport().height()
        low, high = rect.top() - HEADING - GAP, rect.bottom() + GAP
        top = self.motion.goal
        if low < top or rect.height() + HEADING > height:
            self.motion.to(low)
        elif high > top + height:
            self.motion.to(high - height)

    def show_group(self, number: int) -> None:
        """Scroll to a heading."""
        if number < len(self.layout_.groups):
            self.motion.to(int(self.layout_.tops[number]))

    def heading_under(self, screen: QPoint) -> int | None:
        """The group whose heading is seen at a point of the screen."""
        point = self.viewport().mapFromGlobal(screen)
        inside = self.viewport().rect().contains(point)
        return self.heading_seen(point.y()) if inside else None

    def heading_seen(self, y: int) -> int | None:
        """The group whose heading is seen so far down the part in sight."""
        number = self.layout_.heading_at(y + self.top)
        if number is None and y < HEADING:
            return self.layout_.group_at(self.top)
        return number

    def show_folded(self, folded: frozenset[str], *, at: int | None) -> None:
        """These groups are headings alone; the heading `at` stays where it is seen."""
        down = 0 if at is None else max(0, int(self.layout_.tops[at]) - self.top)
        self.desk.folded, self.heading = folded, None
        self._lay_out()
        if at is not None:
            self.motion.stop()
            self.motion.put(int(self.layout_.tops[at]) - down)
        self.scrolled.emit()
        self.refresh()

    def mark_heading(self, number: int | None) -> None:
        """The keyboard stands on the heading of this folded group, or on none."""
        if number != self.heading:
            self.heading = number
            self.refresh()

    def hover(self, number: int | None) -> None:
        """The mouse is over this heading, or over none."""
        if number != self.hovered:
            self.hovered = number
            if number is None:
                self.viewport().unsetCursor()
            else:
                self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
            self.refresh()

    # Events ----------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._painted = True
        painter = QPainter(self.viewport())
        theme = self._appearance.theme
        painter.fillRect(self.viewport().rect(), theme.panel)
        scene = self._scene()
        if scene is None:
            paint_empty(painter, self.viewport().rect(), self.words, theme)
            self.desk.session.seen.in_sight(WHERE, np.zeros(0, np.int64))
        else:
            seen = paint_wall(painter, scene, self.crops.pictures)
            self.desk.session.seen.in_sight(WHERE, seen)
            self.crops.look(scene, self.motion.direction)
        if self.band is not None:
            paint_band(painter, self.band.translated(0, -self.top).toRectF(), theme)
        painter.end()

    def _scene(self) -> WallScene | None:
        cells = self.desk.cells
        if cells is None or not self._wall.groups:
            return None
        viewport = self.viewport()
        return WallScene(
            cells=cells,
            wall=self._wall,
            layout=self.layout_,
            selected=self.desk.selected,
            current=self.desk.current(),
            target=self.target,
            hovered=self.hovered,
            heading=self.heading,
            top=self.top,
            size=(viewport.width(), viewport.height()),
            ratio=viewport.devicePixelRatioF(),
            blind=self.desk.blind,
            says=partial(heading_text, desk=self.desk),
            aside=aside_text(self.desk),
            lettered=self.desk.grouping is Grouping.NOTHING,
            appearance=self._appearance,
        )

    def resizeEvent(self, event: QEvent) -> None:
        self._lay_out_anew(follows=self._current_in_sight())

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.scrolled.emit()
        self.refresh()

    def hideEvent(self, event: QEvent) -> None:
        self.desk.session.seen.in_sight(WHERE, np.zeros(0, np.int64))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the panel knows the keys

    # What the desk says ----------------------------------------------------------

    @Slot()
    def _on_wished(self) -> None:
        self._follows = True

    @Slot()
    def _on_arranged(self) -> None:
        follows, self._follows = self._follows or self._current_in_sight(), False
        self.hovered = self.heading = None
        self._lay_out_anew(follows=follows)

    def _lay_out_anew(self, *, follows: bool) -> None:
        """The reader's eyes stay where they are, or on the cell that is looked at."""
        held = self._held(None)
        self._lay_out()
        self._hold(held)
        if follows:
            self._reveal_current()
        self.refresh()

    def _current_in_sight(self) -> bool:
        chosen = self.desk.session.selection
        places = self.layout_.places(self.top, self.top + self._height)
        return bool(np.isin(self._ids[self._wall.rows[places]], chosen[-1:]).any())

    @Slot()
    def _on_marked(self) -> None:
        if len(self.desk.session.selection):
            self.heading = None
        if not self.selection.moving:
            self._reveal_current()
        self.refresh()

    def _reveal_current(self) -> None:
        place = self.desk.current()
        if place is not None and self.isVisible():
            self.reveal(place)

    @Slot()
    def _on_renewed(self) -> None:
        self.crops.forget()
        self.refresh()

    @Slot(object)
    def _on_pictures(self, cells: object) -> None:
        self.refresh()

    @property
    def pictures(self) -> CellCrops:
        """The pictures that are here."""
        return self.crops.pictures
