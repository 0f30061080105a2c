"""The cells of the slide shown: painted, and found by place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Signal, Slot
from PySide6.QtGui import QImage

from marrowscope.domain.geometry import Box
from marrowscope.domain.taxonomy import LINEAGES
from marrowscope.gui.case_contents import CellsMet
from marrowscope.gui.case_state import Changes
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.box_marks import SMALLEST_LETTERED
from marrowscope.gui.slide_view.box_painting import MOST_MARKED
from marrowscope.gui.slide_view.cells_building import MOST_BOXES, CellsBuilder
from marrowscope.gui.slide_view.cells_drawing import Depth, Outlines
from marrowscope.gui.slide_view.cells_in_view import CellsInView
from marrowscope.gui.slide_view.density_picture import Colours, colours_of
from marrowscope.gui.slide_view.layers import CellStyle, Drawing, Scene
from marrowscope.gui.slide_view.shown_cells import CellsOfSlide, ShownCells
from marrowscope.gui.slide_view.tools.tool import Spot
from marrowscope.gui.slide_view.viewport import Viewport
from marrowscope.gui.theme import Appearance

VEILED: Colours = dict.fromkeys(LINEAGES, (104, 108, 114))
OVERVIEW = 168.0  # pixels along the longer side of a slide
REACH = 3.0  # screen pixels around a box that still hit it
STAY = 0.8  # of MOST_BOXES: fewer bring outlines back, so that panning does not flicker


class CellsLayer(QObject):
    """Outlines of one slide's cells, or their density where they are too many.

    `changed` says that something else is to be painted.
    """

    changed = Signal()

    def __init__(
        self, session: CaseSession, appearance: Appearance, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._appearance = session, appearance
        self._builder = CellsBuilder(session.runner, self)
        self._in_view = CellsInView(session, self)
        self._slide: int | None = None
        self._foreseen: CellsMet | None = None
        self._as_density = False
        self._builder.built.connect(self.changed)
        appearance.changed.connect(self._recolour)
        self._recolour()

    @property
    def shown(self) -> ShownCells | None:
        """None while there are no cells."""
        return self._builder.shown

    @property
    def settled(self) -> bool:
        """True when all that is known of the cells can be painted."""
        return self._builder.idle

    # What the session says -------------------------------------------------------

    def foresee(self, coming: CellsMet | None) -> None:
        """Make these ready for a slide that is about to be shown; None: for none."""
        self._foreseen = coming
        if coming is None:
            self._builder.clear()
        else:
            cells = CellsOfSlide(coming.cells.table, coming.vocabulary, coming.slide)
            taxonomy, known = self._session.taxonomy, coming.cells
            self._builder.build(cells, coming.verdicts, taxonomy, known=known)

    def show_slide(self, number: int | None) -> None:
        """Cells of another slide from now on, or of another case."""
        self._slide = number
        coming, self._foreseen = self._foreseen, None
        session, builder = self._session, self._builder
        now = number, session.known_cells
        foreseen = coming is not None and (coming.slide, coming.cells) == now
        if not foreseen:
            builder.clear()
        builder.select(session.selection)
        builder.hide(session.hidden_classes)
        if foreseen:
            builder.adopt(session.verdicts)
        else:
            self._build()

    def follow(self, change: Changes) -> None:
        """The session has changed, and shows the slide that it showed."""
        session, builder = self._session, self._builder
        if change & Changes.CASE:
            return
        if change & Changes.CELLS:
            self._build()
        elif change & Changes.VERDICTS:
            builder.call(session.called_last)
        if change & (Changes.VISIBILITY | Changes.READING):
            builder.hide(session.hidden_classes)
        if change & Changes.READING:
            self._recolour()
        if change & (Changes.SELECTION | Changes.CELLS):
            builder.select(session.selection)

    def _build(self) -> None:
        session = self._session
        table, known, slide = session.table, session.vocabulary, self._slide
        if table is None or known is None or slide is None:
            self._builder.clear()
        else:
            cells = CellsOfSlide(table, known, slide)
            self._builder.build(
                cells, session.verdicts, session.taxonomy, known=session.known_cells
            )

    @Slot()
    def _recolour(self) -> None:
        blind = self._session.reading.blind
        colours = VEILED if blind else colours_of(self._appearance.cells)
        self._builder.colour(colours)

    def overview(self, size: tuple[int, int]) -> tuple[QImage, QRectF]:
        """Where cells lie on a slide of this size, small.

        The picture, and the level-0 rectangle that it covers.
        """
        density = self._builder.density
        if not density.levels:
            return QImage(), QRectF()
        level = density.level(OVERVIEW / max(size), least=1.0)
        width, height = level.picture.width(), level.picture.height()
        covered = QRectF(0, 0, width * level.square, height * level.square)
        return level.picture, covered

    # Which lies where ------------------------------------------------------------

    def at(self, spot: Spot) -> int | None:
        """The cell under the mouse, the smallest of several."""
        shown = self.shown
        if shown is None or not self._session.boxes_shown:
            return None
        reach = REACH / spot.scale
        row = shown.grid.at(spot.x, spot.y, self._builder.seen, reach=reach)
        return None if row is None else int(shown.id[row])

    def inside(self, band: QRectF, viewport: Viewport) -> NDArray[np.int64]:
        """The cells that a rectangle of the screen touches, by id.

        In a turned view, those whose middle lies in it.
        """
        shown = self.shown
        if shown is None:
            return np.zeros(0, np.int64)
        rows = shown.grid.inside(_region(band, viewport))
        rows = rows[self._builder.seen[rows]]
        if viewport.angle != 0:
            boxes = shown.grid.boxes[rows]
            middles = viewport.all_to_screen(boxes[:, :2] + boxes[:, 2:] / 2)
            corner = (band.right(), band.bottom())
            within = (middles >= (band.left(), band.top())) & (middles <= corner)
            rows = rows[within.all(axis=1)]
        return shown.id[rows]

    # Painting --------------------------------------------------------------------

    def outlined(self, scene: Scene) -> NDArray[np.intp]:
        """Rows of the cells outlined in a scene; none while density is shown."""
        shown = self.shown
        if shown is None or self.dense(scene):
            return np.zeros(0, np.intp)
        rows = shown.grid.inside(scene.frame.region)
        return rows[self._builder.seen[rows]]

    def veiled(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """(N,) rows of cells whose class must not be seen: they are read blind."""
        shown = self.shown
        if shown is None or not self._session.reading.blind:
            return np.zeros(len(rows), np.bool_)
        return ~shown.confirmed[rows]

    def dense(self, scene: Scene) -> bool:
        """Whether their density is shown in a scene."""
        return self.shown is not None and self._count(self.shown, scene)[1]

    def style(self, scene: Scene) -> CellStyle:
        """How they are drawn in a scene."""
        shown = self.shown
        if shown is None:
            return CellStyle.MARKED
        count, dense = self._count(shown, scene)
        if dense:
            return CellStyle.DENSITY
        # Those whose middle is seen, which are counted faster, are some of them.
        crowded = count > MOST_MARKED or self._touching(shown, scene) > MOST_MARKED
        return CellStyle.OUTLINED if crowded else CellStyle.MARKED

    def _touching(self, shown: ShownCells, scene: Scene) -> int:
        rows = shown.grid.inside(scene.frame.region)
        return int(np.count_nonzero(self._builder.seen[rows] | self.veiled(rows)))

    def _count(self, shown: ShownCells, scene: Scene) -> tuple[int, bool]:
        """How many have their middle in a scene, and whether these are too many."""
        most = MOST_BOXES * (STAY if self._as_density else 1.0)
        running, region = self._builder.running, scene.frame.region
        count = shown.grid.count(region, running, enough=most)
        self._as_density = count > most
        return count, self._as_density

    def drawing(self, scene: Scene) -> Drawing | None:
        shown, boxes = self.shown, self._session.boxes_shown
        if shown is None:
            return None
        builder = self._builder
        style = scene.style or self.style(scene)
        if style is CellStyle.DENSITY:
            return Depth(
                shown,
                scene,
                builder.density if boxes else None,
                not self._session.reading.blind,
                builder.selected,
                builder.chosen_rows,
            ).paint
        rows = shown.grid.inside(scene.needed or scene.frame.region)
        veiled = self.veiled(rows)
        return Outlines(
            shown,
            scene,
            outlined=rows[builder.seen[rows] & ~veiled & boxes],
            veiled=rows[veiled & boxes],
            chosen=rows[builder.chosen[rows]],
            marked=style is CellStyle.MARKED,
        ).paint

    def note(self, scene: Scene) -> None:
        """The reader has this scene, of the style it says, before his eyes."""
        shown, boxes = self.shown, self._session.boxes_shown
        if shown is None:
            return
        rows = np.zeros(0, np.intp)
        dense = scene.style is CellStyle.DENSITY
        if not dense:
            rows = shown.grid.inside(scene.frame.region)
        # Cells as large as those of the gallery are seen by the reader.
        large = shown.grid.boxes[rows, 2] * scene.viewport.scale >= SMALLEST_LETTERED
        self._session.seen.in_sight(f"smear {id(self)}", shown.id[rows[large]])
        entry, seen = self._session.slide, scene.viewport if boxes else None
        if entry is not None and entry.number == scene.slide:
            self._in_view.note(self._builder, seen, as_density=dense)


def _region(band: QRectF, viewport: Viewport) -> Box:
    """The level-0 rectangle around a rectangle of the screen."""
    corners = (band.topLeft(), band.topRight(), band.bottomLeft(), band.bottomRight())
    points = np.asarray([viewport.to_slide(c.x(), c.y()) for c in corners])
    low, high = points.min(0), points.max(0)
    return Box(*low.tolist(), *(high - low).tolist())
