"""Lines of boxes: crisp, of one width, dashes that begin and end at the corners."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from marrowscope.gui.slide_view.box_lines import (
    Line,
    Rects,
    cornered,
    dashed,
    device_line,
    fill_rects,
    grown,
    snapped,
    solid,
)


@pytest.mark.parametrize("ratio", [1.0, 2.0, 1.25])
@pytest.mark.parametrize("lines", [solid, dashed, cornered])
def test_the_lines_of_a_box_are_as_long_and_as_thick_as_they_look(
    lines: Callable[[Rects, Line], Rects], ratio: float
) -> None:
    boxes = snapped(np.asarray([[9.7, 20.2, 40.1, 29.6], [3.2, 2.1, 8.0, 5.0]]), ratio)
    picture = QImage(100, 100, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    line = device_line(1.5, ratio)
    fill_rects(painter, lines(boxes, line), QColor(0, 0, 0))
    painter.end()
    pixels = np.asarray(picture.constBits(), np.uint8).reshape(100, 100, 4)
    dark = pixels[..., 0] == 0
    assert np.isin(pixels[..., 0], (0, 255)).all(), "a blurred line"
    left, top, width, height = np.rint(grown(boxes, line.out)[0] * ratio).astype(int)
    thick = round(line.width * ratio)
    edge = dark[top : top + height, left]
    assert edge[0]
    assert edge[-1]
    assert edge.all() == (lines is solid)
    assert dark[top + height // 2, left : left + thick].all() or lines is not solid
    assert not dark[top - 1, left - 1 : left + width].any()
    assert not dark[top + thick : top + height - thick, left + thick].any()
