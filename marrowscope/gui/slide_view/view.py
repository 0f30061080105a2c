"""The smear on the screen: what is painted, and what the session says of it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from marrowscope.gui.case_state import Changes, SlideEntry
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.angle_badge import AngleBadge
from marrowscope.gui.slide_view.bare_look import BareLook
from marrowscope.gui.slide_view.cell_tools import CellTools
from marrowscope.gui.slide_view.cells_layer import CellsLayer
from marrowscope.gui.slide_view.counting_grid import CountingGrid
from marrowscope.gui.slide_view.field_layer import FieldLayer
from marrowscope.gui.slide_view.field_walk import FieldWalk
from marrowscope.gui.slide_view.foresight import foresee
from marrowscope.gui.slide_view.hover_card import HoverCard
from marrowscope.gui.slide_view.layers import Layers, Level, Scene
from marrowscope.gui.slide_view.magnification import magnification_text
from marrowscope.gui.slide_view.navigator import Navigator
from marrowscope.gui.slide_view.neighbours import Neighbours
from marrowscope.gui.slide_view.objective_bar import ObjectiveBar
from marrowscope.gui.slide_view.optional_layers import add_optional
from marrowscope.gui.slide_view.overview import Overview
from marrowscope.gui.slide_view.pointing import Pointing
from marrowscope.gui.slide_view.region_tools import RegionTools
from marrowscope.gui.slide_view.regions_layer import RegionsLayer
from marrowscope.gui.slide_view.scale_bar import ScaleBar
from marrowscope.gui.slide_view.scene_painter import ScenePainter
from marrowscope.gui.slide_view.slide_memory import Place, Remembered, SlideMemory
from marrowscope.gui.slide_view.tile_loading import TileLoader
from marrowscope.gui.slide_view.tools.measuring_tool import MeasuringTool
from marrowscope.gui.slide_view.tools.red_cell_ruler import RedCellRuler
from marrowscope.gui.slide_view.trouble_note import TroubleNote
from marrowscope.gui.theme import GROUP, Appearance
from marrowscope.imaging.slide import Slide

LEAST_SIZE = QSize(320, 240)
ELSEWHERE = Changes.IN_VIEW | Changes.THUMBNAILS  # nothing that is painted here


class SlideView(QWidget):
    """Paints one slide of the case. Input is `Pointing`'s, motion `Navigator`'s.

    It shows the session's slide while it `follows`, else the one that it had.
    `magnified` carries the words for the status bar; `slide_shown`: another slide is
    shown, or none; `attended`: the reader turns to this view. What is `remembered` of
    each slide is kept there.
    """

    magnified = Signal(str)
    slide_shown = Signal()
    attended = Signal()

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        remembered: SlideMemory | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._memory = remembered or SlideMemory()
        self._remembered: Remembered | None = None  # of the slide shown
        self.session, self.appearance = session, appearance
        self.follows = True
        self.number: int | None = None  # of the slide shown
        self.content = ""  # of the slide shown, as its identity says
        self.layers = Layers()
        self.navigator = Navigator(self)
        self.loader = TileLoader(session.runner, self)
        self.neighbours, self.fields = Neighbours(self), FieldWalk(self)
        self.card = HoverCard(self)
        self.objectives = ObjectiveBar(self)
        self.angle_badge = AngleBadge(appearance, self)
        TroubleNote(self.loader.trouble, appearance, self, beneath=self.angle_badge)
        self.cells = CellsLayer(session, appearance, self)
        self._painter = ScenePainter(session, self.loader, self.layers, self.cells)
        self.scale_bar, self.grid = ScaleBar(self.objectives), CountingGrid()
        self.layers.add_ground(FieldLayer(session), Level.GROUND)
        self.layers.add_ground(self.cells, Level.CELLS)
        self.optional = add_optional(
            self.layers, session, self.cells, grid=self.grid, scale_bar=self.scale_bar
        )
        self.regions = RegionsLayer(session)
        self.layers.add(self.regions, Level.MARKS)
        self.pointing = Pointing(self)
        self.overview = Overview(self)
        self.region_tools, self.cell_tools = RegionTools(self), CellTools(self)
        self.red_cell_ruler, self.measuring = RedCellRuler(self), MeasuringTool(self)
        self.bare_look = BareLook(self, Qt.Key.Key_H)
        self._take_input()
        self._connect()
        self.show_slide(_number(session.slide))

    def _take_input(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # it covers all
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Smear")
        self.installEventFilter(self.pointing)

    def _connect(self) -> None:
        self.loader.arrived.connect(self.update)
        self.navigator.moved.connect(self._on_moved)
        self.navigator.pacing.calmed.connect(self._on_calmed)
        self._painter.made.connect(self.update)
        self.objectives.wished.connect(self._on_objective)
        self.angle_badge.clicked.connect(self.navigator.set_upright)
        self.session.changed.connect(self._on_changed)
        self.appearance.changed.connect(self.outdate)
        self.cells.changed.connect(self.outdate)

    def minimumSizeHint(self) -> QSize:
        return LEAST_SIZE

    @property
    def settled(self) -> bool:
        """True when everything that can be seen has been read and painted."""
        read = self.loader.idle and self.cells.settled
        return read and self.navigator.calm and self._painter.settled

    @property
    def entry(self) -> SlideEntry | None:
        """The slide shown, None without one."""
        return self.session.slide_of(self.number)

    # What the session says -------------------------------------------------------

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CASE:
            self.loader.hold(False)
        elif change & Changes.OPENING:
            foresee(self)
        wanted = self._wanted_number()
        if change & Changes.CASE or wanted != self.number:
            self.show_slide(wanted)
        elif change & Changes.CALIBRATION:
            self._calibrate()
        if change & Changes.COLOURS:
            self.loader.show_colour(self.session.colours_of(self.number))
        self.cells.follow(change)
        if change & Changes.REVEAL and self.follows:
            self._reveal()
        if change & ~ELSEWHERE:
            self.outdate()

    @Slot()
    def outdate(self) -> None:
        """Something of what is painted is another."""
        self._painter.outdate()
        self.update()

    def _wanted_number(self) -> int | None:
        stays = not self.follows and self.entry is not None
        return self.number if stays else _number(self.session.slide)

    def _reveal(self) -> None:
        cell, entry = self.session.selected, self.entry
        if cell is None or entry is None:
            return
        um, mpp = self.session.reading.um_per_pixel, entry.believed_mpp
        if um is not None and mpp is not None:
            self.navigator.centre(cell.box, mpp / um)
        else:
            self.navigator.reveal(cell.box)

    def show_slide(self, number: int | None) -> None:
        """Show this slide, where it was left; None for none.

        While the view `follows`, the session's slide comes back with its next change.
        """
        self.keep_place()
        self.number = number
        entry = self.entry
        identity = None if entry is None else entry.opened.slide.identity
        self.content = identity.content if identity else ""
        known = self._remembered = self._memory.of(identity) if identity else None
        colours = self.session.colours_of(number)
        self.loader.show(entry.opened.slide if entry else None, colours)
        self.neighbours.hand_over()
        self.objectives.setVisible(entry is not None)
        self.card.hide()
        self.navigator.show_slide(
            entry.size if entry else None, known.place if known else None
        )
        self.overview.show_slide(known.visited if known else None)
        self._calibrate()
        self.cells.show_slide(number)
        self.slide_shown.emit()

    def place_of(self, slide: Slide) -> Place | None:
        """Where a slide was left; None: it is seen whole."""
        return self._memory.of(slide.identity).place

    def keep_place(self) -> None:
        """Have it remembered where the reader is."""
        if self._remembered is not None:
            self._remembered.place = self.navigator.place

    def _calibrate(self) -> None:
        entry = self.entry
        if entry is not None:
            self.objectives.calibrate(entry.mpp)
            self._place_children()
            self._on_moved()

    # Moving ----------------------------------------------------------------------

    @Slot()
    def _on_moved(self) -> None:
        entry, view = self.entry, self.navigator.viewport
        if entry is None or self.navigator.slide is None:
            return
        if self.isVisible():  # before it is laid out it would ask for other tiles
            self.loader.look(view, self.devicePixelRatioF())
        self.angle_badge.show_angle(view.angle)
        self.objectives.show_scale(view.scale, self.devicePixelRatioF())
        self.magnified.emit(self.magnification)
        self.update()

    @property
    def magnification(self) -> str:
        """How large the smear is shown, in words; empty without a slide."""
        entry, scale = self.entry, self.navigator.viewport.scale
        return "" if entry is None else magnification_text(scale, entry.mpp)

    @Slot(float)
    def _on_objective(self, scale: float) -> None:
        if scale > 0:
            self.navigator.zoom_to(scale)
        else:
            self.navigator.fit()

    def showEvent(self, event: QShowEvent) -> None:
        self._on_moved()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.navigator.resize(self.width(), self.height())
        self._place_children()

    def _place_children(self) -> None:
        self.overview.place()
        self.angle_badge.move(GROUP, GROUP)
        self.objectives.place(self.size())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.attended.emit()

    def picture(self) -> QPixmap:
        """What is seen, without the overview and the buttons that lie over it."""
        self.navigator.pacing.rest()  # the finest picture, also while it moves
        self._painter.outdate()
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        flag = QWidget.RenderFlag.DrawWindowBackground
        self.render(picture, QPoint(), QRegion(), flag)
        return picture

    # Painting --------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self.paint_smear(painter)
        finally:
            painter.end()

    def paint_smear(self, painter: QPainter) -> None:
        """Paint what is seen, and all that lies over it."""
        scene = self._scene()
        if scene is None:
            painter.fillRect(self.rect(), self.appearance.theme.window)
        else:
            pace = self.navigator.pacing.pace
            self._painter.paint(painter, scene, self._ground, pace)

    @Slot()
    def _on_calmed(self) -> None:
        scene = self._scene()
        if scene is None or not self._painter.sharpen(scene, self._ground):
            self.update()

    def _scene(self) -> Scene | None:
        entry, size = self.entry, self.navigator.slide
        if entry is None or size is None:
            return None
        view, ratio = self.navigator.viewport, self.devicePixelRatioF()
        return Scene(entry.number, size, entry.mpp, view, ratio, self.appearance)

    @property
    def _ground(self) -> QColor:
        """What lies beside the slide."""
        entry = self.entry
        return QColor(*entry.opened.slide.background) if entry else QColor()


def _number(entry: SlideEntry | None) -> int | None:
    return None if entry is None else entry.number
