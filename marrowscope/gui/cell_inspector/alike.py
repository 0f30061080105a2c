"""The cells of the atlas most alike to the cell looked at, in a row with names."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from marrowscope.gui.atlas.jobs import Compared
from marrowscope.gui.layer_painting import draw_text, on_panel
from marrowscope.gui.theme import SMALL, STEP, Appearance
from marrowscope.inference.atlas import NEAREST

LINE, BAR, GAP, LARGEST = 18.0, 3.0, 6.0, 64.0
NOTHING_ALIKE = "nothing there looks like this cell"
NO_MAJORITY = "their labels differ"


class AlikeCells(QWidget):
    """Heading, up to five small pictures with the colour of their lineage, names."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.shown: Compared | None = None
        self.heading = ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        appearance.changed.connect(self.update)

    def show_compared(self, found: Compared | None) -> None:
        """Show these cells; nothing for None."""
        self.shown = found
        self.heading = "" if found is None else heading_of(found)
        self.setAccessibleName(self.heading)
        self.updateGeometry()
        self.update()

    def show_building(self, done: int, of: int) -> None:
        """An atlas is being built: how far it is."""
        self.shown = None
        self.heading = (
            f"Atlas being built: {done:,} of {of:,} cells" if of else "Atlas begun"
        )
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        if self.shown is None:
            return int(LINE)
        return int(2 * LINE + STEP + BAR + self._side(width))

    def sizeHint(self) -> QSize:
        return QSize(280, self.heightForWidth(self.width() or 280))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(self.width() or 280))

    def _side(self, width: float) -> float:
        return min(LARGEST, (width - (NEAREST - 1) * GAP) / NEAREST)

    def place_of(self, index: int) -> QRectF:
        """Where the picture of a neighbour stands."""
        side = self._side(self.width())
        step = (self.width() - side) / (NEAREST - 1)
        return QRectF(index * min(step, side + 2 * GAP), LINE + STEP, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme = self._appearance.theme
        top = QRectF(0, 0, self.width(), LINE)
        draw_text(painter, top, self.heading, size=SMALL, colour=theme.quiet)
        if self.shown is None:
            return
        for index, picture in enumerate(self.shown.pictures):
            place = self.place_of(index)
            painter.drawImage(place, picture)
            label = self.shown.comparison.nearest[index].label
            colour = on_panel(self._appearance.cells.of(label.lineage).colour, theme)
            bar = QRectF(place.left(), place.bottom(), place.width(), BAR)
            painter.fillRect(bar, colour)
            under = QRectF(place.left(), place.bottom() + BAR, place.width(), LINE)
            draw_text(painter, under, label.name, size=SMALL, colour=theme.text)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(QPointF(event.pos())))
            return True
        return super().event(event)

    def words_at(self, place: QPointF) -> str:
        """What is said of the picture there; "" beside them."""
        found = self.shown.comparison.nearest if self.shown else ()
        for index, one in enumerate(found):
            if self.place_of(index).adjusted(0, 0, 0, LINE).contains(place):
                return f"{one.label.name}\nLikeness {one.likeness:.2f}, at most 1"
        return ""


def heading_of(found: Compared) -> str:
    """How many of the nearest agree, and on what."""
    comparison = found.comparison
    if comparison.unusual:
        said = NOTHING_ALIKE
    elif comparison.label is None:
        said = NO_MAJORITY
    else:
        of = len(comparison.nearest)
        said = f"{comparison.agreed} of {of} {comparison.label.name}"
    return f"Most alike in {found.atlas}: {said}"
