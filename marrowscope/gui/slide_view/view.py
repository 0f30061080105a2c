"""The smear on the screen: what is painted, and what the session says of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.box_painting import on_screen, paint_boxes
from marrowscope.gui.slide_view.hover_card import HoverCard
from marrowscope.gui.slide_view.magnification import magnification_text
from marrowscope.gui.slide_view.marks_painting import (
    ROOM_FOR_SCALE_BAR,
    paint_band,
    paint_field,
    paint_ruler,
    paint_scale_bar,
    paint_selection,
)
from marrowscope.gui.slide_view.minimap import Minimap
from marrowscope.gui.slide_view.navigator import Navigator
from marrowscope.gui.slide_view.objective_bar import ObjectiveBar
from marrowscope.gui.slide_view.pointing import Pointing
from marrowscope.gui.slide_view.shown_cells import ShownCells, shown_cells, with_calls
from marrowscope.gui.slide_view.tile_loading import TileLoader
from marrowscope.gui.slide_view.tile_painting import paint_tiles, wanted_tiles
from marrowscope.gui.theme import GROUP, RELATED, Appearance

REBUILT_BY = Changes.CASE | Changes.SLIDE | Changes.CELLS | Changes.VISIBILITY
LEAST_SIZE = QSize(320, 240)


class SlideView(QWidget):
    """Paints one slide of the case. Input is `Pointing`'s, motion `Navigator`'s.

    `magnified` carries the words for the status bar.
    """

    magnified = Signal(str)

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.session, self.appearance = session, appearance
        self.shown: ShownCells | None = None
        self.band: QRectF | None = None
        self.ruler: tuple[QPointF, QPointF] | None = None
        self.scale_bar_shown = True
        self._minimap_wanted = True
        self.navigator = Navigator(self)
        self.loader = TileLoader(session.runner, self)
        self.card = HoverCard(self)
        self.minimap = Minimap(appearance, self)
        self.objectives = ObjectiveBar(self)
        self.pointing = Pointing(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy.Policy.Expanding
        self.setSizePolicy(policy, policy)
        self.setAccessibleName("Smear")
        self.loader.arrived.connect(self.update)
        self.navigator.moved.connect(self._on_moved)
        self.minimap.wished.connect(self.navigator.look_at)
        self.objectives.wished.connect(self._on_objective)
        session.changed.connect(self._on_changed)
        appearance.changed.connect(self.update)
        self.installEventFilter(self.pointing)
        self._show_slide()

    def minimumSizeHint(self) -> QSize:
        return LEAST_SIZE

    @property
    def settled(self) -> bool:
        """True when everything that can be seen has been read and painted."""
        return self.loader.idle and self.navigator.goal == self.navigator.viewport

    # What the session says -------------------------------------------------------

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.OPENING:
            self.loader.hold(self.session.opening)
        if change & Changes.CASE:
            self.loader.hold(False)
            self.navigator.forget()
        if change & (Changes.CASE | Changes.SLIDE):
            self._show_slide()
        elif change & (Changes.CALIBRATION | Changes.THUMBNAILS):
            self._show_entry()
        if change & REBUILT_BY:
            self._rebuild()
        elif change & Changes.VERDICTS and self.shown is not None:
            session = self.session
            self.shown = with_calls(self.shown, session.verdicts, session.taxonomy)
        if change & Changes.REVEAL and (cell := self.session.selected) is not None:
            self.navigator.reveal(cell.box)
        self.update()

    def _show_slide(self) -> None:
        entry = self.session.slide
        self.loader.show(entry.opened.slide if entry else None)
        self.objectives.setVisible(entry is not None)
        self._show_minimap()
        self.card.hide()
        self.minimap.show_cells(np.zeros((0, 2), np.float32))
        if entry is not None:
            self._show_entry()
            self.navigator.show_slide(entry.number, entry.size)
        self._rebuild()

    def _show_entry(self) -> None:
        entry = self.session.slide
        if entry is None:
            return
        self.minimap.show_slide(entry.thumbnail, entry.size)
        self.objectives.calibrate(entry.mpp)
        self._place_children()
        self._on_moved()

    def _rebuild(self) -> None:
        session = self.session
        table, vocabulary, entry = session.table, session.vocabulary, session.slide
        self.shown = None
        if table is not None and vocabulary is not None and entry is not None:
            self.shown = shown_cells(
                table,
                vocabulary,
                slide=entry.number,
                verdicts=session.verdicts,
                hidden=session.hidden_classes,
                taxonomy=session.taxonomy,
            )
            boxes = self.shown.table.box[self.shown.visible]
            self.minimap.show_cells(boxes[:, :2] + boxes[:, 2:] / 2)
        self.update()

    # Moving ----------------------------------------------------------------------

    @Slot()
    def _on_moved(self) -> None:
        entry, view = self.session.slide, self.navigator.viewport
        if entry is None or self.navigator.slide is None:
            return
        self.loader.want(
            wanted_tiles(view, self.navigator.slide, self.devicePixelRatioF())
        )
        self.minimap.show_region(view.region)
        self._show_minimap()
        self.objectives.show_scale(view.scale, self.devicePixelRatioF())
        self.magnified.emit(magnification_text(view.scale, entry.mpp))
        self.update()

    def show_minimap(self, wanted: bool) -> None:
        """Whether the user wants the overview at all."""
        self._minimap_wanted = wanted
        self._show_minimap()

    def _show_minimap(self) -> None:
        """The overview helps only while the slide is not seen whole anyway."""
        slide, region = self.navigator.slide, self.navigator.viewport.region
        helps = slide is not None and (
            region.width < 0.98 * slide[0] or region.height < 0.98 * slide[1]
        )
        self.minimap.setVisible(self._minimap_wanted and helps)

    @Slot(float)
    def _on_objective(self, scale: float) -> None:
        if scale > 0:
            self.navigator.zoom_to(scale)
        else:
            self.navigator.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.navigator.resize(self.width(), self.height())
        self._place_children()

    def _place_children(self) -> None:
        self.minimap.move(self.width() - self.minimap.width() - GROUP, GROUP)
        bar = self.objectives
        bar.adjustSize()
        bar.move(
            (self.width() - bar.width()) // 2, self.height() - bar.height() - GROUP
        )

    # Painting --------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        entry, view = self.session.slide, self.navigator.viewport
        if entry is None or self.navigator.slide is None:
            painter.fillRect(self.rect(), self.appearance.theme.window)
            return
        painter.fillRect(self.rect(), QColor(*entry.opened.slide.background))
        ratio = self.devicePixelRatioF()
        paint_tiles(painter, self.loader.cache, view, self.navigator.slide, ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        run = self.session.run
        if run.active and run.field is not None and run.slide == entry.number:
            paint_field(painter, run.field, view, self.appearance.theme)
        self._paint_cells(painter)
        if self.band is not None:
            paint_band(painter, self.band, self.appearance.theme)
        if self.ruler is not None:
            paint_ruler(painter, *self.ruler)
        if self.scale_bar_shown and entry.mpp is not None:
            bar = self.objectives
            # Beside the objectives where there is room for both, else above them.
            lift = 0 if bar.x() > ROOM_FOR_SCALE_BAR else bar.height() + RELATED
            paint_scale_bar(painter, view, entry.mpp, lift=lift)

    def _paint_cells(self, painter: QPainter) -> None:
        if self.shown is None:
            return
        view = self.navigator.viewport
        found = (self.shown.row_of(cell) for cell in self.session.selection)
        rows = np.asarray([r for r in found if r is not None], np.intp)
        paint_selection(painter, on_screen(self.shown, rows, view))
        if self.session.boxes_shown:
            paint_boxes(painter, self.shown, view, self.appearance.cells)
