"""The cards of the slides; a click or an arrow key looks at another slide."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from marrowscope.gui.layer_painting import draw_wrapped
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slides_panel.model import NO_SLIDES, SlideCard
from marrowscope.gui.slides_panel.painting import CARD, draw_card, image_of
from marrowscope.gui.theme import SMALL, Appearance


class SlideList(QWidget):
    """The cards; arrows move through them."""

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._appearance = session, appearance
        self.cards: tuple[SlideCard, ...] = ()
        self._images: dict[int, tuple[int, QImage]] = {}
        self._hovered = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        appearance.changed.connect(self.update)

    def show_cards(self, fresh: tuple[SlideCard, ...]) -> None:
        """Paint these cards from now on."""
        self.cards = fresh
        self.setAccessibleDescription("; ".join(f"{c.name}, {c.state}" for c in fresh))
        self.setMinimumHeight(int(CARD * max(len(fresh), 1)))
        self.updateGeometry()
        self.update()

    def _image(self, card: SlideCard) -> QImage | None:
        if card.thumbnail is None:
            return None
        kept = self._images.get(card.number)
        if kept is None or kept[0] != id(card.thumbnail):
            kept = (id(card.thumbnail), image_of(card.thumbnail))
            self._images[card.number] = kept
        return kept[1]

    def sizeHint(self) -> QSize:
        return QSize(208, int(CARD * max(len(self.cards), 1)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._appearance.theme
        if not self.cards:
            area = QRectF(12, 12, self.width() - 24, CARD)
            draw_wrapped(painter, area, NO_SLIDES, size=SMALL, colour=theme.quiet)
        for index, card in enumerate(self.cards):
            area = QRectF(0, index * CARD, self.width(), CARD)
            if area.intersects(QRectF(event.rect())):
                draw_card(
                    painter, area, card, image=self._image(card), theme=theme,
                    hovered=index == self._hovered,
                )  # fmt: skip
        painter.end()

    def _index_at(self, point: QPointF) -> int:
        index = int(point.y() // CARD)
        return index if 0 <= index < len(self.cards) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._index_at(event.position())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._session.show_slide(self.cards[index].number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() not in steps or not self.cards:
            super().keyPressEvent(event)
            return
        current = next((i for i, c in enumerate(self.cards) if c.current), 0)
        moved = current + steps[Qt.Key(event.key())]
        if 0 <= moved < len(self.cards):
            self._session.show_slide(self.cards[moved].number)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._index_at(QPointF(event.pos()))
            card = self.cards[index] if index >= 0 else None
            words = [card.name, card.state, card.trust, card.unlike] if card else []
            text = "\n".join(word for word in words if word)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)
