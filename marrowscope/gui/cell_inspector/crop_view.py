"""The selected cell, enlarged, with the model's attention laid over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.gui.cell_inspector.saliency import saliency_layer
from marrowscope.gui.layer_painting import draw_text, text_width
from marrowscope.gui.theme import SMALL, Appearance

SIDE, LAYER_SIDE = 248, 256
SCALE_UM = 5.0


class CropView(QWidget):
    """A square picture; everything it shows is handed in, nothing is read here."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._image: QImage | None = None
        self._region: Box | None = None
        self._mpp: float | None = None
        self._saliency: NDArray[np.uint8] | None = None
        self._layer: QImage | None = None
        self._side, self._fixed = SIDE, False
        self.opacity, self.layer_shown = 0.55, True
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The selected cell, enlarged")
        appearance.changed.connect(self.update)

    @property
    def has_picture(self) -> bool:
        return self._image is not None

    def show_picture(self, pixels: Pixels, *, region: Box, mpp: float | None) -> None:
        """Show RGB (h, w, 3) pixels of `region`; `mpp` µm per level-0 pixel."""
        height, width, _ = pixels.shape
        data = np.ascontiguousarray(pixels).tobytes()
        form = QImage.Format.Format_RGB888
        self._image = QImage(data, width, height, 3 * width, form).copy()
        self._region, self._mpp = region, mpp
        self.update()

    def clear(self) -> None:
        """Show an empty field until the next picture comes."""
        self._image = self._region = None
        self.update()

    def show_saliency(self, saliency: NDArray[np.uint8] | None) -> None:
        """Lay this map (h, w) over the picture; None for a cell without one."""
        self._saliency = saliency
        self._paint_layer()

    def set_opacity(self, opacity: float) -> None:
        """How dense the layer is where the model looked most, 0 to 1."""
        self.opacity = opacity
        self._paint_layer()

    def show_layer(self, shown: bool) -> None:
        """Lay the map over the picture, or take it away."""
        self.layer_shown = shown
        self.update()

    def _paint_layer(self) -> None:
        self._layer = None
        if self._saliency is not None and self._saliency.any():
            layer = saliency_layer(self._saliency, self.opacity)
            height, width, _ = layer.shape
            form = QImage.Format.Format_RGBA8888
            small = QImage(layer.tobytes(), width, height, 4 * width, form)
            # Smooth between the map's cells: their edges mean nothing.
            self._layer = small.scaled(
                LAYER_SIDE,
                LAYER_SIDE,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )  # fmt: skip
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def set_side(self, side: int, *, fixed: bool) -> None:
        """How large the square is; `fixed` keeps its width at that, too."""
        if side == self._side and fixed == self._fixed:
            return
        self._side, self._fixed = side, fixed
        across = QSizePolicy.Policy.Fixed if fixed else QSizePolicy.Policy.Preferred
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.updateGeometry()

    def picture_rect(self) -> QRectF:
        """The square the picture fills, in widget pixels."""
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, 0, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self.picture_rect()
        shape = QPainterPath()
        shape.addRoundedRect(area, 4, 4)
        painter.setClipPath(shape)
        painter.fillRect(area, self._appearance.theme.field)
        if self._image is not None:
            painter.drawImage(area, self._image)
            if self.layer_shown and self._layer is not None:
                painter.drawImage(area, self._layer)
            self._draw_scale(painter, area)
        painter.end()

    def _draw_scale(self, painter: QPainter, area: QRectF) -> None:
        """A bar of 5 µm, dark with a light edge so that any stain shows it."""
        if self._region is None or self._mpp is None:
            return
        length = SCALE_UM / (self._region.width * self._mpp) * area.width()
        x, y = area.left() + 10, area.bottom() - 12
        line = QLineF(x, y, x + length, y)
        for colour, width in (
            (QColor(255, 255, 255, 210), 4.5),
            (QColor(20, 20, 20), 2),
        ):
            pen = QPen(colour, width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(line)
        words = f"{SCALE_UM:.0f} µm"
        place = QRectF(x, y - 18, text_width(words, SMALL) + 4, 14)
        painter.fillRect(place.adjusted(-2, 0, 0, 0), QColor(255, 255, 255, 160))
        draw_text(painter, place, words, size=SMALL, colour=QColor(20, 20, 20))
