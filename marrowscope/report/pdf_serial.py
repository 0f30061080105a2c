"""This marrow beside the patient's earlier one, on the printed page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from marrowscope.domain.serial import Change, Part
from marrowscope.report import pdf_text as text
from marrowscope.report.content import ReportContent
from marrowscope.report.pdf_cells import STEP, pictures_row
from marrowscope.report.pdf_layers import TIGHT
from marrowscope.report.pdf_text import paragraph
from marrowscope.report.serial import (
    HEADING,
    HEADS,
    METHOD,
    SerialPart,
    SerialRow,
    SerialShare,
)
from marrowscope.report.serial_cells import CELLS_HEADING, SerialCells

_SHARE, _CELLS = 24 * mm, 16 * mm
_WIDTHS = [39 * mm, _SHARE, _CELLS, _SHARE, _CELLS, 11 * mm, 3 * mm, 41 * mm]
_STYLE: list[Any] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1.1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.3),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    # Counts are smaller, so they start lower to share the percentages' base line.
    *(("TOPPADDING", (c, 1), (c, -1), 2.2) for c in (2, 4)),
    ("LINEBELOW", (0, 0), (-1, 0), 0.6, text.INK),
    ("LINEBELOW", (0, 1), (-1, -1), 0.3, text.HAIRLINE),
]


def serial_section(content: ReportContent) -> Iterator[Flowable]:
    """Both marrows, every doubt and the table; nothing where none was compared."""
    part = content.earlier
    if part is None:
        return
    doubts = (paragraph(f"– {doubt}", text.HUNG) for doubt in part.doubts)
    notes = (paragraph(note, text.SMALL) for note in (part.none, METHOD) if note)
    yield KeepTogether(
        [
            paragraph(HEADING, text.SECTION),
            paragraph(f"Then: {part.then}"),
            paragraph(f"Now: {part.now}"),
            Spacer(0, 3),
            *doubts,
            Spacer(0, 4),
            _table(part),
            Spacer(0, 3),
            *notes,
        ]
    )
    if part.cells:
        title = paragraph(CELLS_HEADING, text.STRONG)
        yield KeepTogether([Spacer(0, 8), title, _cells(part.cells)])


def _cells(lines: Sequence[SerialCells]) -> Table:
    """A row a line: its cells then, its cells now, all of a row at one scale."""
    most = max(len(some) for one in lines for some in (one.then, one.now))
    gap = [5 * mm]
    widths = [42 * mm, *[STEP] * most, *gap, *[STEP] * most]
    head = ["", paragraph("Then", text.SMALL), *[""] * most]
    rows = [[*head, paragraph("Now", text.SMALL), *[""] * (most - 1)]]
    for one in lines:
        name = [paragraph(one.name), paragraph(f"each {one.width} wide", text.SMALL)]
        then, now = (pictures_row(some) for some in (one.then, one.now))
        then += [Spacer(0, 0)] * (most - len(then))
        now += [Spacer(0, 0)] * (most - len(now))
        rows.append([name, *then, "", *now])
    middle = ("VALIGN", (0, 0), (-1, -1), "MIDDLE")
    heads = (("SPAN", (1, 0), (most, 0)), ("SPAN", (most + 2, 0), (-1, 0)))
    style = TableStyle([*TIGHT, middle, *heads])
    return Table(rows, widths, style=style, hAlign="LEFT")


def _table(part: SerialPart) -> Table:
    name, then, now, points, verdict = HEADS
    right = [paragraph(word, text.SMALL_NUMBER) for word in (then, now, points)]
    head = [paragraph(name, text.SMALL), right[0], "", right[1], "", right[2], ""]
    rows = [[*head, paragraph(verdict, text.SMALL)], *map(_row, part.rows)]
    style, parts = TableStyle(_STYLE), [row.part for row in part.rows]
    if Part.DIFFERENTIAL in parts:
        number = parts.index(Part.DIFFERENTIAL) + 1
        style.add("LINEABOVE", (0, number), (-1, number), 0.6, text.INK)
    return Table(rows, _WIDTHS, style=style, hAlign="LEFT", repeatRows=1)


def _row(row: SerialRow) -> list[Any]:
    beyond = row.change is Change.BEYOND
    verdict = [paragraph(row.verdict, text.STRONG if beyond else text.BODY)]
    if row.chance and row.change is not Change.WITHIN:
        verdict.append(paragraph(row.chance, text.SMALL))
    name = [paragraph(row.name)]
    if row.part is not Part.DIFFERENTIAL:
        name.append(paragraph(row.of, text.SMALL))
    shares = [*_share(row.then), *_share(row.now)]
    return [name, *shares, paragraph(row.points, text.NUMBER), "", verdict]


def _share(share: SerialShare) -> list[Flowable]:
    return [
        paragraph(share.words, text.NUMBER),
        paragraph(share.counts, text.SMALL_NUMBER),
    ]
