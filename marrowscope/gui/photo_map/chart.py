"""The map itself: small pictures at their places, the photo shown marked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from marrowscope.gui.case_state import Changes
from marrowscope.gui.jobs import Lane
from marrowscope.gui.latest_job import LatestJob
from marrowscope.gui.photo_map.picture import (
    SheetPictureRequest,
    SmallPhoto,
    draw_photo,
    outline,
    sheet_picture,
)
from marrowscope.gui.photo_map.sheet import PhotoSheet, PlacedPhoto
from marrowscope.gui.session import CaseSession
from marrowscope.gui.shown_pictures import ShownPictures
from marrowscope.gui.theme import GROUP, SMALL, Appearance, font

PLATE_WIDTH, PLATE_HEIGHT = 24.0, 16.0
ROOM_FOR_PLATE = 34.0  # pixels: smaller photos are not numbered
ON_PICTURE, PLATE = QColor("#ffffff"), QColor(20, 20, 22, 165)
STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
}


class PhotoChart(QWidget):
    """A click, or an arrow key, looks at another photo: `chosen` carries its number."""

    chosen = Signal(int)

    def __init__(
        self,
        session: CaseSession,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._appearance = session, appearance
        self._pictures = ShownPictures(session)
        self._sheet: PhotoSheet | None = None
        self._picture = QImage()
        self._hovered: PlacedPhoto | None = None
        self._painting = LatestJob(session.runner, Lane.ASIDE, sheet_picture, self)
        self._painting.answered.connect(self._on_picture)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Map of the photos")
        expanding = QSizePolicy.Policy.Expanding
        self.setSizePolicy(expanding, expanding)
        session.changed.connect(self._on_changed)
        appearance.changed.connect(self._paint_anew)

    def show_sheet(self, sheet: PhotoSheet | None) -> None:
        """Draw these photos from now on."""
        self._sheet, self._hovered, self._picture = sheet, None, QImage()
        names = [photo.name for photo in self.photos]
        self.setAccessibleDescription(", ".join(names))
        self._paint_anew()

    @property
    def photos(self) -> tuple[PlacedPhoto, ...]:
        """The photos drawn, in the order of their numbers."""
        return self._sheet.photos if self._sheet else ()

    def sizeHint(self) -> QSize:
        return QSize(640, 460)

    # Where things lie ------------------------------------------------------------

    @property
    def scale(self) -> float:
        """Pixels of the window a photo pixel."""
        if self._sheet is None or not all(self._sheet.size):
            return 1.0
        room = self.width() - 2 * GROUP, self.height() - 2 * GROUP
        sides = zip(room, self._sheet.size, strict=True)
        return max(min(have / wanted for have, wanted in sides), 1e-6)

    @property
    def _area(self) -> QRectF:
        """The sheet within the widget, in the middle of it."""
        width, height = self._sheet.size if self._sheet else (0.0, 0.0)
        area = QRectF(0, 0, width * self.scale, height * self.scale)
        area.moveCenter(QRectF(self.rect()).center())
        return area

    def place_of(self, photo: PlacedPhoto) -> QPointF:
        """The middle of a photo in the widget."""
        x, y = (self.scale * photo.middle).tolist()
        return self._area.topLeft() + QPointF(x, y)

    def _under(self, point: QPointF) -> PlacedPhoto | None:
        if self._sheet is None:
            return None
        on_sheet = (point - self._area.topLeft()) / self.scale
        return self._sheet.at(on_sheet.x(), on_sheet.y())

    @property
    def _shown(self) -> int | None:
        return self._session.slide.number if self._session.slide else None

    # What changes ----------------------------------------------------------------

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & (Changes.THUMBNAILS | Changes.COLOURS):
            self._paint_anew()
        if change & Changes.SLIDE:
            self.update()

    @Slot()
    def _paint_anew(self) -> None:
        self.update()
        if self._sheet is None:
            self._painting.drop()
            return
        theme = self._appearance.theme
        small = {
            s.number: SmallPhoto(
                s.thumbnail, self._session.colours_of(s.number), s.opened.slide.profile
            )
            for s in self._session.slides
            if s.thumbnail is not None
        }
        scale = self.scale * self.devicePixelRatioF()
        self._painting.ask(
            SheetPictureRequest(self._sheet, small, scale, theme.raised, theme.window)
        )

    @Slot(object)
    def _on_picture(self, picture: QImage) -> None:
        self._picture = picture
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._paint_anew()

    # Painting --------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._sheet is not None:
            painter.drawImage(self._area, self._picture)
            self._draw_marks(painter, self._sheet)
        painter.end()

    def _draw_marks(self, painter: QPainter, sheet: PhotoSheet) -> None:
        """Photos of one place, numbers, the photo under the pointer, the one shown."""
        theme = self._appearance.theme
        for photo in sheet.photos:
            if photo.twin:
                self._draw_outline(painter, photo, theme.calm, 2.5)
        numbers = {s.number: i for i, s in enumerate(self._session.slides, start=1)}
        shown = [photo for photo in sheet.photos if photo.number == self._shown]
        for photo in shown:
            self._draw_shown(painter, photo)
        if self._hovered is not None:
            self._draw_outline(painter, self._hovered, theme.text, 1.5)
        for photo in sheet.photos:
            number = numbers.get(photo.number)
            if photo in shown:
                self._draw_plate(painter, photo, number, theme.accent)
            elif not any(self._covers(top, photo) for top in shown):
                self._draw_plate(painter, photo, number, PLATE)

    def _draw_shown(self, painter: QPainter, photo: PlacedPhoto) -> None:
        """On top of its neighbours, whole."""
        slide, theme = self._session.slide, self._appearance.theme
        image = self._pictures.of(slide) if slide else None
        draw_photo(painter, self._shape(photo), image, ground=theme.raised)
        self._draw_outline(painter, photo, theme.accent, 3.0)

    def _covers(self, top: PlacedPhoto, photo: PlacedPhoto) -> bool:
        """True where a photo on top of all would lie on another one's number."""
        return self._shape(top).intersects(QPolygonF(self._plate(photo)))

    def _shape(self, photo: PlacedPhoto) -> QPolygonF:
        return outline(photo, self.scale).translated(self._area.topLeft())

    def _draw_outline(
        self, painter: QPainter, photo: PlacedPhoto, colour: QColor, width: float
    ) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, width))
        painter.drawPolygon(self._shape(photo))

    def _draw_plate(
        self, painter: QPainter, photo: PlacedPhoto, number: int | None, ground: QColor
    ) -> None:
        """The photo's place in the case, in its middle; nothing where it is tiny."""
        across = photo.corners[1] - photo.corners[0]
        side = self.scale * float(np.hypot(across[0], across[1]))
        if number is None or side < ROOM_FOR_PLATE:
            return
        plate = self._plate(photo)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(plate, 4, 4)
        painter.setFont(font(SMALL))
        painter.setPen(ON_PICTURE)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, str(number))

    def _plate(self, photo: PlacedPhoto) -> QRectF:
        plate = QRectF(0, 0, PLATE_WIDTH, PLATE_HEIGHT)
        plate.moveCenter(self.place_of(photo))
        return plate

    # Pointing --------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._under(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _hover(self, photo: PlacedPhoto | None) -> None:
        if photo is not self._hovered:
            self._hovered = photo
            hand = Qt.CursorShape.PointingHandCursor
            self.setCursor(hand if photo else Qt.CursorShape.ArrowCursor)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        photo = self._under(event.position())
        if photo is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(photo.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        numbers = [photo.number for photo in self.photos]
        if step is None or not numbers:
            super().keyPressEvent(event)
            return
        here = numbers.index(self._shown) if self._shown in numbers else -step
        self.chosen.emit(numbers[(here + step) % len(numbers)])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            photo = self._under(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), photo.name if photo else "", self)
            return True
        return super().event(event)
