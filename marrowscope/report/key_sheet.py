"""The cheat sheet: one page with every key of a count, to lie beside the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from marrowscope.domain.dysplasia_features import DysplasiaFeatures
from marrowscope.domain.key_map import KeyMap, lines_of, name_of, shown
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.report.pdf_bars import COLOURS
from marrowscope.report.pdf_text import (
    BAND,
    BODY,
    GREY,
    HAIRLINE,
    INK,
    REGULAR,
    SEMIBOLD,
    paragraph,
    register_fonts,
)

_WIDTH, _HEIGHT = landscape(A4)
_MARGIN, _KEY, _GAP = 14 * mm, 26 * mm, 1.6 * mm
_WIDEST, _ROW = 32 * mm, 7 * mm
_OFFSETS = (0.0, 0.3, 0.75)
ALWAYS = (
    ("Space + key", "dysplastic"),
    ("0 1 2 3", "grade of the cell"),
    ("a feature’s key", "grade 1; again: 2, 3, none"),
    ("Backspace", "undo"),
    ("Shift + key", "examples of the class"),
    ("Tab, Shift + Tab", "next cell, the one before"),
    ("Esc", "end of Count mode"),
)


def write_key_sheet(
    key_map: KeyMap,
    rows: Sequence[Sequence[str]],
    path: Path,
    *,
    taxonomy: Taxonomy,
    features: DysplasiaFeatures,
    resources: Path,
) -> None:
    """Write one A4 page (PDF). `rows`: the keyboard's keys, from the left."""
    register_fonts(resources / "fonts")
    canvas = Canvas(str(path), pagesize=landscape(A4), invariant=1)
    canvas.setTitle(f"Keys of the count: {key_map.name}")
    _head(canvas, key_map.name)
    columns = max(len(row) + off for row, off in zip(rows, _OFFSETS, strict=True))
    step = min(_WIDEST, (_WIDTH - 2 * _MARGIN + _GAP) / columns)
    top = _HEIGHT - 30 * mm
    for number, (row, offset) in enumerate(zip(rows, _OFFSETS, strict=True)):
        y = top - (number + 1) * (_KEY + _GAP)
        for place, key in enumerate(row):
            x = _MARGIN + (place + offset) * step
            _key(canvas, x, y, step - _GAP, key, key_map, taxonomy, features)
    below = top - 3 * (_KEY + _GAP) - 10 * mm
    _always(canvas, below)
    _features(canvas, below, key_map, features)
    canvas.showPage()
    canvas.save()


def _head(canvas: Canvas, name: str) -> None:
    canvas.setFillColor(INK)
    canvas.setFont(SEMIBOLD, 17)
    canvas.drawString(_MARGIN, _HEIGHT - 19 * mm, f"Keys of the count: {name}")
    canvas.setStrokeColor(HAIRLINE)
    canvas.line(_MARGIN, _HEIGHT - 24 * mm, _WIDTH - _MARGIN, _HEIGHT - 24 * mm)


def _key(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    key: str,
    key_map: KeyMap,
    taxonomy: Taxonomy,
    features: DysplasiaFeatures,
) -> None:
    said = key in key_map.classes or key in key_map.features
    canvas.setStrokeColor(HAIRLINE)
    canvas.setFillColor(BAND if said else Color(1, 1, 1))
    canvas.roundRect(x, y, width, _KEY, 2 * mm, fill=1)
    canvas.setFillColor(INK if said else HAIRLINE)
    canvas.setFont(SEMIBOLD, 13)
    canvas.drawString(x + 2 * mm, y + _KEY - 5.5 * mm, shown(key))
    room = (x + 2 * mm, y + _KEY - 7 * mm, width - 3 * mm)
    if key in key_map.classes:
        target = key_map.classes[key]
        lines = lines_of(target, taxonomy) or ()
        _band(canvas, x, y, width, taxonomy.lineage_of(lines))
        _words(canvas, [name_of(target, taxonomy)], *room)
    elif key in key_map.features:
        named = [features.feature(one).short for one in key_map.features[key]]
        _words(canvas, named, *room)


def _band(canvas: Canvas, x: float, y: float, width: float, lineage: str) -> None:
    canvas.setFillColor(COLOURS.get(lineage, GREY))
    canvas.roundRect(x + 2 * mm, y + 1.4 * mm, width - 4 * mm, 1.0 * mm, 1, 0, 1)


def _words(
    canvas: Canvas, words: Sequence[str], x: float, top: float, width: float
) -> None:
    style = _fitting(words, width)
    for said in words:
        line = paragraph(said, style)
        _, height = line.wrap(width, _KEY)
        line.drawOn(canvas, x, top - height)
        top -= height + 0.5


def _fitting(words: Sequence[str], width: float) -> ParagraphStyle:
    """The text of a key, small enough that no word of it is broken."""
    every = (word for said in words for word in said.split())
    size = BODY.fontSize
    longest = max(stringWidth(word, BODY.fontName, size) for word in every)
    # Widths are rounded while lines are broken: a hair of room stays.
    fits = size * min(1.0, 0.99 * width / longest)
    return ParagraphStyle("key", BODY, fontSize=fits)


def _always(canvas: Canvas, top: float) -> None:
    for number, (keys, said) in enumerate(ALWAYS):
        _row(canvas, _MARGIN, top - number * _ROW, keys, said, 34 * mm)


def _features(
    canvas: Canvas, top: float, key_map: KeyMap, features: DysplasiaFeatures
) -> None:
    """What each feature's key means in cells of which lineage."""
    for number, (key, some) in enumerate(key_map.features.items()):
        named = [features.feature(one) for one in some]
        said = "  ·  ".join(f"{f.name} ({f.lineage[:1].upper()})" for f in named)
        y = top - number * _ROW
        _row(canvas, _MARGIN + 92 * mm, y, shown(key), said, 9 * mm)


def _row(
    canvas: Canvas, x: float, y: float, keys: str, said: str, indent: float
) -> None:
    canvas.setFillColor(INK)
    canvas.setFont(SEMIBOLD, 9.5)
    canvas.drawString(x, y, keys)
    canvas.setFillColor(GREY)
    canvas.setFont(REGULAR, 9.5)
    canvas.drawString(x + indent, y, said)
