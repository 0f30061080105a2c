"""How one slide's card is drawn."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen

from marrowscope.domain.geometry import Pixels
from marrowscope.gui.layer_painting import draw_text
from marrowscope.gui.slides_panel.model import SlideCard
from marrowscope.gui.theme import BASE, RELATED, SMALL, STEP, Theme

CARD, PICTURE, MARGIN = 72.0, 56.0, 8.0
LINE = 17.0


def image_of(pixels: Pixels) -> QImage:
    """A copy of RGB (h, w, 3) pixels that Qt owns."""
    height, width, _ = pixels.shape
    data = pixels.tobytes()
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def draw_card(
    painter: QPainter,
    area: QRectF,
    card: SlideCard,
    *,
    image: QImage | None,
    theme: Theme,
    hovered: bool,
) -> None:
    """Thumbnail at the left; name, state and trust mark beside it."""
    if card.current or hovered:
        ground = QPainterPath()
        ground.addRoundedRect(area.adjusted(4, 2, -4, -2), 6, 6)
        painter.fillPath(ground, theme.raised if card.current else theme.hover)
    frame = QRectF(area.left() + MARGIN + STEP, area.top() + MARGIN, PICTURE, PICTURE)
    _draw_picture(painter, frame, image, theme)
    if card.current:
        _draw_current(painter, area, theme)
    left = frame.right() + MARGIN
    _draw_words(
        painter,
        QRectF(left, area.top(), area.right() - left - MARGIN, CARD),
        card,
        theme,
    )


def _draw_picture(
    painter: QPainter, frame: QRectF, image: QImage | None, theme: Theme
) -> None:
    shape = QPainterPath()
    shape.addRoundedRect(frame, 3, 3)
    painter.fillPath(shape, theme.field)
    if image is not None:
        painter.save()
        painter.setClipPath(shape)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(_covering(frame, image), image)
        painter.restore()
    painter.setPen(QPen(theme.hairline, 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(shape)


def _covering(frame: QRectF, image: QImage) -> QRectF:
    """The rectangle that fills the frame with the whole picture's middle."""
    size = QSizeF(image.size()).scaled(
        frame.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
    )
    target = QRectF(frame.topLeft(), size)
    target.moveCenter(frame.center())
    return target


def _draw_current(painter: QPainter, area: QRectF, theme: Theme) -> None:
    mark = QRectF(area.left() + 4, area.top() + MARGIN + 8, 3, CARD - 2 * MARGIN - 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.accent)
    painter.drawRoundedRect(mark, 1.5, 1.5)


def _draw_words(painter: QPainter, area: QRectF, card: SlideCard, theme: Theme) -> None:
    lines = [(card.name, BASE, theme.text), (card.state, SMALL, theme.quiet)]
    marks = [mark for mark in (card.trust, card.unlike) if mark]
    lines += [(mark, SMALL, theme.calm) for mark in marks]
    y = area.top() + (area.height() - LINE * len(lines)) / 2
    if card.fraction is not None:
        y -= STEP / 2
    for text, size, colour in lines:
        place = QRectF(area.left(), y, area.width(), LINE)
        draw_text(painter, place, text, size=size, colour=colour)
        y += LINE
    if card.fraction is not None:
        track = QRectF(area.left(), y + 3, area.width() - RELATED, 3)
        painter.fillRect(track, theme.hairline)
        track.setWidth(track.width() * card.fraction)
        painter.fillRect(track, theme.quiet)
