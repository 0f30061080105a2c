"""One small picture in many places, in one call."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from shiboken6 import Shiboken


def draw_stamps(
    painter: QPainter, stamp: QPixmap, middles: NDArray[np.float64]
) -> None:
    """The picture with its middle at each of these points (N, 2)."""
    if not len(middles):
        return
    # PixmapFragment is ten doubles: middle, source rectangle, scales, angle, opacity.
    fragments = np.zeros((len(middles), 10))
    fragments[:, :2] = middles
    fragments[:, 4:6] = stamp.width(), stamp.height()
    fragments[:, 6:8] = 1 / stamp.devicePixelRatio()
    fragments[:, 9] = 1.0
    first = Shiboken.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
    painter.drawPixmapFragments(first, len(middles), stamp)  # pyright: ignore


def drawn(
    width: float, height: float, ratio: float, draw: Callable[[QPainter], None]
) -> QPixmap:
    """What `draw` paints into so many logical pixels."""
    pixmap = QPixmap(int(np.ceil(width * ratio)), int(np.ceil(height * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return pixmap
