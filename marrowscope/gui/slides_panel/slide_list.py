"""The cards of the slides; a click or an arrow key looks at another slide."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from marrowscope.gui.layer_painting import draw_wrapped
from marrowscope.gui.painted_rows import PaintedRows
from marrowscope.gui.session import CaseSession
from marrowscope.gui.shown_pictures import ShownPictures
from marrowscope.gui.slides_panel.card_painter import CARD_SIZE, paint_card
from marrowscope.gui.slides_panel.card_rows import CardRows, Index
from marrowscope.gui.slides_panel.model import NO_SLIDES, SlideCard
from marrowscope.gui.slides_panel.painting import CARD
from marrowscope.gui.theme import SMALL, Appearance


class SlideList(QListView):
    """Follows the slide shown; pictures of the cards in sight are made first."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._appearance = session, appearance
        self._rows = CardRows()
        self.setModel(self._rows)
        paint = partial(paint_card, ShownPictures(session))
        self.setItemDelegate(
            PaintedRows(paint, size=CARD_SIZE, appearance=appearance, parent=self)
        )
        self.setObjectName("cards")
        self.setAccessibleName("Slides")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.verticalScrollBar().valueChanged.connect(self._tell_seen)
        appearance.changed.connect(self.viewport().update)

    @property
    def cards(self) -> tuple[SlideCard, ...]:
        """All cards, those out of sight too."""
        return self._rows.cards

    def show_cards(self, fresh: tuple[SlideCard, ...]) -> None:
        """Show these cards from now on, the current one in sight when it changes."""
        before = self.currentIndex().row()
        self._rows.show_cards(fresh)
        current = self._rows.current
        if current != before and current >= 0:
            self.setCurrentIndex(self._rows.index(current))
            # What comes before and after it is seen too.
            self.scrollTo(self.currentIndex(), self.ScrollHint.PositionAtCenter)
        self._tell_seen()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self._session.show_slide(self.cards[current.row()].number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_seen()

    @Slot()
    def _tell_seen(self) -> None:
        if self.cards:
            first = self.indexAt(QPoint(1, 1)).row()
            seen = -(-self.viewport().height() // int(CARD)) + 1
            shown = self.cards[max(first, 0) : max(first, 0) + seen]
            self._session.look_at_cards([card.number for card in shown])

    def sizeHint(self) -> QSize:
        return QSize(208, int(CARD * max(len(self.cards), 1)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.cards:
            painter = QPainter(self.viewport())
            area = QRectF(12, 12, self.viewport().width() - 24, CARD)
            colour = self._appearance.theme.quiet
            draw_wrapped(painter, area, NO_SLIDES, size=SMALL, colour=colour)
            painter.end()
