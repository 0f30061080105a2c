"""The photos of a sheet painted small, on a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from marrowscope.domain.geometry import Pixels
from marrowscope.gui.jobs import Progress
from marrowscope.gui.photo_map.sheet import PhotoSheet, PlacedPhoto
from marrowscope.gui.slides_panel.painting import image_of
from marrowscope.imaging.display_colour import DisplayColour, as_shown


@dataclass(frozen=True, slots=True, eq=False)
class SmallPhoto:
    """A photo's small picture in the file's own colours, and how it is shown."""

    pixels: Pixels
    colour: DisplayColour
    profile: bytes | None

    @property
    def image(self) -> QImage:
        """As it is shown."""
        return image_of(as_shown(self.pixels, self.colour, self.profile))


@dataclass(frozen=True, slots=True, eq=False)
class SheetPictureRequest:
    """Paint `sheet` in `scale` picture pixels a photo pixel.

    `pictures` are small pictures by slide number; a photo without one yet is drawn as
    `ground`. `edge` is the colour of outlines.
    """

    sheet: PhotoSheet
    pictures: Mapping[int, SmallPhoto]
    scale: float
    ground: QColor
    edge: QColor


def sheet_picture(request: SheetPictureRequest, progress: Progress) -> QImage:
    """The whole sheet, see-through where no photo lies."""
    width, height = (max(1, round(side * request.scale)) for side in request.sheet.size)
    image = QImage(QSize(width, height), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for photo in request.sheet.photos:
        if progress.token.cancelled:
            break
        shape = outline(photo, request.scale)
        small = request.pictures.get(photo.number)
        shown = None if small is None else small.image
        draw_photo(painter, shape, shown, ground=request.ground)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(request.edge, 1.0))
        painter.drawPolygon(shape)
    painter.end()
    return image


def outline(photo: PlacedPhoto, scale: float) -> QPolygonF:
    """The photo's corners in a picture of the sheet."""
    return QPolygonF([QPointF(scale * x, scale * y) for x, y in photo.corners])


def draw_photo(
    painter: QPainter, shape: QPolygonF, image: QImage | None, *, ground: QColor
) -> None:
    """A small picture turned and shrunk into the shape of its photo."""
    if image is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawPolygon(shape)
        return
    image = _shrunk(image, shape)
    corner, right, down = shape.at(0), shape.at(1), shape.at(3)
    along = (right - corner) / image.width()
    across = (down - corner) / image.height()
    turned = QTransform(
        along.x(), along.y(), across.x(), across.y(), corner.x(), corner.y()
    )
    painter.save()
    painter.setTransform(turned, combine=True)
    painter.drawImage(QPointF(), image)
    painter.restore()


def _shrunk(image: QImage, shape: QPolygonF) -> QImage:
    """No finer than twice the shape: smooth drawing looks at four pixels only."""
    side = shape.at(1) - shape.at(0)
    wanted = max(1, round(2 * (side.x() ** 2 + side.y() ** 2) ** 0.5))
    if wanted >= image.width():
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaledToWidth(wanted, smooth)
