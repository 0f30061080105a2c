"""Where cells can be counted: the zones as a calm picture on the smear, and its key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from marrowscope.domain.geometry import Box
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.layers import Drawing, Scene
from marrowscope.gui.slide_view.marks_painting import INK, PAPER
from marrowscope.gui.theme import GROUP, RELATED, SMALL, STEP, font
from marrowscope.imaging.counting_zone import zone_map as zones
from marrowscope.imaging.counting_zone.zone_map import ZoneMap

# Green only where cells count; nothing else may look like a cell's own colour.
COLOURS: Mapping[str, str] = {
    zones.THIN: "#2E9E6B",
    zones.THICK: "#8C6D46",
    zones.EDGE: "#C2B25A",
    zones.PARTICLE: "#6B4A3A",
    zones.FAT: "#A9A59A",
    zones.SMUDGED: "#7D7A99",
    zones.DEFOCUS: "#5C7A8C",
    zones.PEN: "#1F1F1F",
    zones.TISSUE: "#8A4B5E",
}
WORDS: Mapping[str, str] = {
    zones.THIN: "Counting zone",
    zones.THICK: "Thick",
    zones.EDGE: "Edge",
    zones.PARTICLE: "Particle",
    zones.FAT: "Fat",
    zones.SMUDGED: "Smudged",
    zones.DEFOCUS: "Out of focus",
    zones.PEN: "Pen",
    zones.TISSUE: "Tissue, no smear",
}
LOOKING, NONE_HERE = "Looking for the counting zone…", "No zones: this is a field photo"
NO_SCALE = "No zones: this slide has no scale yet"
_PALEST, _STRONGEST = 16, 64  # of 255, of the counting zone by its quality
_OTHERS = 56
_BELOW = 30  # screen pixels: the counting grid's note lies above
_LINE, _SWATCH = 18.0, 10.0


class ZonesLayer:
    """Painted while `shown`: patches in their zone's colour, good ones stronger."""

    def __init__(self, session: CaseSession) -> None:
        self._session = session
        self.shown = False
        self._painted: tuple[ZoneMap, QImage] | None = None

    def drawing(self, scene: Scene) -> Drawing | None:
        found = self._session.zones.of(scene.slide) if self.shown else None
        if found is None:
            return None
        picture = self._picture(found)
        return partial(_paint, picture=picture, side=found.patch, scene=scene)

    def _picture(self, found: ZoneMap) -> QImage:
        if self._painted is None or self._painted[0] is not found:
            self._painted = found, _image(tinted(found))
        return self._painted[1]


def _paint(painter: QPainter, picture: QImage, side: float, scene: Scene) -> None:
    area = scene.frame.box_to_screen(
        Box(0, 0, picture.width() * side, picture.height() * side)
    )
    slide = scene.frame.box_to_screen(Box(0, 0, *map(float, scene.size)))
    edge = QRectF(slide.x, slide.y, slide.width, slide.height)
    painter.setClipRect(edge, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(QRectF(area.x, area.y, area.width, area.height), picture)


def tinted(found: ZoneMap) -> NDArray[np.uint8]:
    """(R, C, 4) red, green, blue and cover of every patch; glass is left clear."""
    table = np.zeros((len(found.names), 4), np.uint8)
    for number, name in enumerate(found.names):
        if name in COLOURS:
            colour = QColor(COLOURS[name])
            table[number] = colour.red(), colour.green(), colour.blue(), _OTHERS
    pixels = table[found.zones]
    good = found.is_zone(zones.THIN)
    shares = found.quality[good].astype(np.float32) / 255
    pixels[good, 3] = np.rint(_PALEST + shares * (_STRONGEST - _PALEST)).astype(
        np.uint8
    )
    return pixels


def _image(pixels: NDArray[np.uint8]) -> QImage:
    rows, columns = pixels.shape[:2]
    whole = np.ascontiguousarray(pixels)
    kind = QImage.Format.Format_RGBA8888
    return QImage(whole.data, columns, rows, 4 * columns, kind).copy()


class ZonesNote:
    """The key: what each colour is, how much of the smear, how good the best of it."""

    def __init__(self, session: CaseSession, layer: ZonesLayer) -> None:
        self._session, self._layer = session, layer

    def lines(self, scene: Scene) -> list[tuple[str, str]]:
        """Zone and words of every line; the zone is empty for words alone."""
        found = self._session.zones.of(scene.slide)
        if found is None:
            return [("", self._why_none(scene))]
        # Ink lies on glass as well: it is no share of the smear.
        of_smear = [name for name in COLOURS if name != zones.PEN]
        shares = [(found.share(name), name) for name in of_smear]
        kept = sorted((s for s in shares if s[0] >= 0.005), reverse=True)
        kept.sort(key=lambda s: s[1] != zones.THIN)
        said = [(name, f"{WORDS[name]}  {100 * share:.0f} %") for share, name in kept]
        if found.is_zone(zones.PEN).any():
            said.append((zones.PEN, WORDS[zones.PEN]))
        return [*said, ("", quality_text(found))]

    def _why_none(self, scene: Scene) -> str:
        if self._session.zones.looking(scene.slide):
            return LOOKING
        entry = self._session.slide_of(scene.slide)
        known = entry is not None and entry.working_mpp is not None
        return NONE_HERE if known else NO_SCALE

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if not self._layer.shown:
            return
        lines = self.lines(scene)
        painter.setFont(font(SMALL))
        metrics = QFontMetricsF(painter.font())
        words = max(metrics.horizontalAdvance(text) for _, text in lines)
        left = RELATED + _SWATCH + RELATED
        card = QRectF(
            *(GROUP, GROUP + _BELOW),
            *(left + words + RELATED, _LINE * len(lines) + 2 * STEP),
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(PAPER)
        painter.drawRoundedRect(card, 5, 5)
        for number, (zone, text) in enumerate(lines):
            top = card.top() + STEP + number * _LINE
            _swatch(painter, card.left() + RELATED, top, zone)
            painter.setPen(INK)
            indent = left if zone else RELATED
            area = QRectF(card.left() + indent, top, card.width() - indent, _LINE)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)


def _swatch(painter: QPainter, x: float, top: float, zone: str) -> None:
    if not zone:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(COLOURS[zone]))
    square = QRectF(x, top + (_LINE - _SWATCH) / 2, _SWATCH, _SWATCH)
    painter.drawRoundedRect(square, 2, 2)


def quality_text(found: ZoneMap) -> str:
    """How well cells can be read where they may be counted, 0 to 100."""
    good = found.is_zone(zones.THIN)
    if not good.any():
        return "No part is thin enough to count"
    return f"Quality there  {found.quality[good].mean() / 2.55:.0f} of 100"
