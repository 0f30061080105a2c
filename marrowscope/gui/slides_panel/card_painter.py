"""Draws the cards that are in sight, and no others."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from marrowscope.gui.slides_panel.card_rows import CARD_ROLE
from marrowscope.gui.slides_panel.model import SlideCard
from marrowscope.gui.slides_panel.painting import CARD, draw_card, image_of
from marrowscope.gui.theme import Appearance


class CardPainter(QStyledItemDelegate):
    """A card lies lighter under the mouse."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        return QSize(208, int(CARD))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        card: SlideCard = index.data(CARD_ROLE)
        hovered = option.state & QStyle.StateFlag.State_MouseOver  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_card(
            painter,
            QRectF(option.rect),  # type: ignore[attr-defined]
            card,
            # Made anew each time: of the few cards in sight it takes no time.
            image=None if card.thumbnail is None else image_of(card.thumbnail),
            theme=self._appearance.theme,
            hovered=bool(hovered),
        )
        painter.restore()
