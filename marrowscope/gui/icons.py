"""Icons of one set (Lucide, ISC), in the theme's own grey.

Only what is used lies in resources/icons, with its licence.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from marrowscope.gui.theme import Theme
from marrowscope.workflow import places

SIZES = (16, 20, 32, 40, 48, 64)


def icon(name: str, theme: Theme, *, on_accent: bool = False) -> QIcon:
    """An icon by its Lucide name; `on_accent` is for the primary button."""
    colour = theme.accent_text if on_accent else theme.text
    return _icon(name, colour.name(), theme.faint.name())


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    result = QIcon()
    for size in SIZES:
        result.addPixmap(pixmap(name, colour, size))
        result.addPixmap(pixmap(name, disabled, size), QIcon.Mode.Disabled)
    return result


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    path = places.resources() / "icons" / f"{name}.svg"
    return path.read_text(encoding="utf-8")


def pixmap(name: str, colour: str | QColor, size: int) -> QPixmap:
    """An icon drawn in one colour, `size` device pixels across."""
    text = colour if isinstance(colour, str) else colour.name()
    # One thinner weight at every size; Lucide's own 2 is heavy beside 13 px type.
    drawn = _source(name).replace("currentColor", text)
    drawn = drawn.replace('stroke-width="2"', 'stroke-width="1.75"')
    picture = QPixmap(QSize(size, size))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer = QSvgRenderer(QByteArray(drawn.encode()))
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture
