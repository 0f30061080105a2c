"""What lies over the slide in the overview: fields read, places looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

READ = QColor(40, 44, 52, 58)
VISITED_BGRA = (49, 25, 9, 50)  # the accent at 20 %, its colours multiplied with that
LONGER_SIDE = 336  # pixels, twice the overview's own


def visited_picture(seen: NDArray[np.bool_]) -> QImage:
    """A quiet wash of the accent where a grid (rows, columns) is True."""
    pixels = np.zeros((*seen.shape, 4), np.uint8)
    pixels[seen] = VISITED_BGRA
    height, width = seen.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, 4 * width, kind).copy()


def read_picture(fields: NDArray[np.float32], slide: tuple[int, int]) -> QImage:
    """A grey veil over fields (N, 4) of a slide, both in level-0 pixels."""
    shrink = LONGER_SIDE / max(slide)
    width, height = (max(1, round(side * shrink)) for side in slide)
    kind = QImage.Format.Format_ARGB32_Premultiplied
    picture = QImage(width, height, kind)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    # Fields overlap: twice read is not darker.
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(READ)
    scale = (width / slide[0], height / slide[1])
    scaled = fields.astype(np.float64) * (*scale, *scale)
    painter.drawRects([QRectF(*row) for row in scaled.tolist()])
    painter.end()
    return picture
