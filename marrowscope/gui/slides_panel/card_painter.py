"""Draws the cards that are in sight, and no others."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter

from marrowscope.gui.painted_rows import PaintedRow
from marrowscope.gui.slides_panel.card_rows import CARD_ROLE
from marrowscope.gui.slides_panel.model import SlideCard
from marrowscope.gui.slides_panel.painting import CARD, draw_card, image_of
from marrowscope.gui.theme import Theme

CARD_SIZE = QSize(208, int(CARD))


def paint_card(painter: QPainter, row: PaintedRow, theme: Theme) -> None:
    """A card, lighter under the mouse."""
    card: SlideCard = row.index.data(CARD_ROLE)
    # Made anew each time: of the few cards in sight it takes no time.
    image = None if card.thumbnail is None else image_of(card.thumbnail)
    draw_card(painter, row.area, card, image=image, theme=theme, hovered=row.hovered)
