"""Small maps of the slides, printed side by side: where the counted cells lie."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, KeepTogether, Table, TableStyle

from marrowscope.report import pdf_text as text
from marrowscope.report.content import PrintedMap, ReportContent
from marrowscope.report.counted_map import HEADING
from marrowscope.report.pdf_text import paragraph

_SIDE, _ROW = 54 * mm, 3


def maps_section(content: ReportContent) -> Iterator[Flowable]:
    """Three slides to a row, each under its name."""
    maps = content.maps
    if not maps:
        return
    rows: list[Flowable] = [
        _row(maps[first : first + _ROW]) for first in range(0, len(maps), _ROW)
    ]
    title = paragraph(HEADING, text.SECTION)
    yield KeepTogether([title, *rows])


def _row(maps: tuple[PrintedMap, ...]) -> Table:
    pictures = [
        Image(BytesIO(one.picture), _SIDE, _SIDE, kind="proportional") for one in maps
    ]
    names = [paragraph(one.words, text.SMALL) for one in maps]
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        ("ALIGN", (0, 0), (-1, -1), "LEFT"),
    ]
    widths = [_SIDE + 5 * mm] * len(maps)
    return Table([names, pictures], widths, style=TableStyle(style), hAlign="LEFT")
