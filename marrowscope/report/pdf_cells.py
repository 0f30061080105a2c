"""Pictures of cells, class by class, two classes to a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, KeepTogether, Spacer, Table, TableStyle

from marrowscope.report import confirmed as reader
from marrowscope.report import pdf_text as text
from marrowscope.report import suggested as model
from marrowscope.report.content import ExampleGroup
from marrowscope.report.pdf_layers import TIGHT
from marrowscope.report.pdf_page import WIDTH
from marrowscope.report.pdf_text import paragraph

PICTURE = 10 * mm
STEP = PICTURE + 0.6 * mm
_GAP = 6 * mm
_HALF = (WIDTH - _GAP) / 2
_MOST = 5  # pictures of a class that half a page has room for


def pictures_row(pictures: Sequence[bytes]) -> list[Flowable]:
    """JPEGs at one size, from left to right."""
    return [Image(BytesIO(p), PICTURE, PICTURE, kind="proportional") for p in pictures]


def examples_section(groups: Sequence[ExampleGroup]) -> Iterator[Flowable]:
    """Confirmed and suggested cells, never under one heading."""
    if not groups:
        return
    # The title stays with the first pictures: alone at a page's foot it says nothing.
    title = [paragraph("Example cells", text.SECTION)]
    for confirmed in (True, False):
        own = [group for group in groups if group.confirmed == confirmed]
        if not own:
            continue
        name, style = (reader.HEADING, text.STRONG)
        if not confirmed:
            name, style = (model.HEADING, text.SUGGESTED)
        rows = [_row(own[i : i + 2], style) for i in range(0, len(own), 2)]
        head = [*title, paragraph(name, style), Spacer(0, 3)]
        yield KeepTogether([*head, *rows, Spacer(0, 6)])
        title = []


def _row(pair: Sequence[ExampleGroup], style: ParagraphStyle) -> Table:
    cells: list[Flowable | str] = []
    for group in pair:
        shown = pictures_row(group.pictures[:_MOST])
        cells += [paragraph(group.name, style), *shown, *[""] * (_MOST - len(shown))]
        cells.append("")
    widths = [_HALF - _MOST * STEP, *[STEP] * _MOST, _GAP] * len(pair)
    table = Table([cells[:-1]], widths[:-1], hAlign="LEFT")
    table.setStyle(TableStyle([*TIGHT, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
    return table
