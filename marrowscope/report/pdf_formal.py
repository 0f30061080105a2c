"""How the printed formal count came about, smear by smear, and what is outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from marrowscope.report import pdf_text as text
from marrowscope.report import unflagged
from marrowscope.report.content import ReportContent
from marrowscope.report.formal import HEADING, SmearTable
from marrowscope.report.pdf_layers import FLUSH
from marrowscope.report.pdf_page import WIDTH
from marrowscope.report.pdf_text import paragraph

_NOTES, _GAP = 58 * mm, 8 * mm
_NAME = 44 * mm


def count_section(content: ReportContent) -> Iterator[Flowable]:
    """The formal count smear by smear, and calls that it does not hold."""
    part = content.confirmed.count
    if part.notes:
        title, notes = paragraph(HEADING, text.SECTION), [*map(paragraph, part.notes)]
        said = [*notes]
        if part.smears:
            spaced = [flowable for note in notes for flowable in (note, Spacer(0, 3))]
            said = [_beside(spaced, _smears(part.smears))]
        yield KeepTogether([title, *said])
    if part.apart:
        listed = "; ".join(f"{name} {cells}" for name, cells in part.apart)
        title = paragraph(part.apart_heading, text.SECTION)
        yield KeepTogether([title, paragraph(f"{listed}.")])


def unflagged_section(content: ReportContent) -> Iterator[Flowable]:
    """What reading cells blind found that the model had not flagged."""
    if content.unflagged:
        title = paragraph(unflagged.HEADING, text.SECTION)
        said = map(paragraph, content.unflagged)
        note = paragraph(unflagged.NOTE, text.SMALL)
        yield KeepTogether([title, *said, note])


def _beside(notes: Sequence[Flowable], table: Table) -> Table:
    widths = [_NOTES, _GAP, WIDTH - _NOTES - _GAP]
    return Table([[list(notes), "", table]], widths, style=TableStyle(FLUSH))


def _smears(table: SmearTable) -> Table:
    head = [paragraph("Cells", text.SMALL)]
    head += [paragraph(name, text.SMALL_NUMBER) for name in table.smears]
    rows = [head]
    for name, cells in table.rows:
        numbers = [paragraph(cell, text.NUMBER) for cell in cells]
        rows.append([paragraph(name), *numbers])
    room = (WIDTH - _NOTES - _GAP - _NAME) / max(len(table.smears), 2)
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0.9),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0.9),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.4, text.HAIRLINE),
        ("LINEABOVE", (0, -1), (-1, -1), 0.4, text.INK),
    ]
    widths = [_NAME, *[room] * len(table.smears)]
    return Table(rows, widths, style=TableStyle(style), hAlign="LEFT", repeatRows=1)
