"""Draws the cards that are in sight, and no others."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter

from marrowscope.gui.painted_rows import PaintedRow
from marrowscope.gui.shown_pictures import ShownPictures
from marrowscope.gui.slides_panel.card_rows import CARD_ROLE
from marrowscope.gui.slides_panel.model import SlideCard
from marrowscope.gui.slides_panel.painting import CARD, draw_card
from marrowscope.gui.theme import Theme

CARD_SIZE = QSize(208, int(CARD))


def paint_card(
    pictures: ShownPictures, painter: QPainter, row: PaintedRow, theme: Theme
) -> None:
    """A card, lighter under the mouse."""
    card: SlideCard = row.index.data(CARD_ROLE)
    image = pictures.of(card.entry)
    draw_card(painter, row.area, card, image=image, theme=theme, hovered=row.hovered)
