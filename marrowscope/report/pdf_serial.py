"""This marrow beside the patient's earlier one, on the printed page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from marrowscope.domain.serial import Change, Part
from marrowscope.report import pdf_text as text
from marrowscope.report.content import ReportContent
from marrowscope.report.pdf_text import paragraph
from marrowscope.report.serial import (
    HEADING,
    HEADS,
    METHOD,
    SerialPart,
    SerialRow,
    SerialShare,
)

_WIDTHS = [42 * mm, 29 * mm, 29 * mm, 15 * mm, 5 * mm, 54 * mm]
_STYLE: list[Any] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1.6),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, 0), 0.6, text.INK),
    ("LINEBELOW", (0, 1), (-1, -1), 0.3, text.HAIRLINE),
]


def serial_section(content: ReportContent) -> Iterator[Flowable]:
    """Both marrows, every doubt and the table; nothing where none was compared."""
    part = content.earlier
    if part is None:
        return
    yield KeepTogether(
        [
            paragraph(HEADING, text.SECTION),
            paragraph(f"Then: {part.then}"),
            paragraph(f"Now: {part.now}"),
            Spacer(0, 3),
            *(paragraph(doubt) for doubt in part.doubts),
            Spacer(0, 4),
        ]
    )
    yield _table(part)
    yield Spacer(0, 3)
    for note in filter(None, (part.none, METHOD)):
        yield paragraph(note, text.SMALL)


def _table(part: SerialPart) -> Table:
    name, then, now, points, verdict = HEADS
    right = [paragraph(word, text.SMALL_NUMBER) for word in (then, now, points)]
    head = [paragraph(name, text.SMALL), *right, "", paragraph(verdict, text.SMALL)]
    rows = [head, *map(_row, part.rows)]
    style, parts = TableStyle(_STYLE), [row.part for row in part.rows]
    if Part.DIFFERENTIAL in parts:
        number = parts.index(Part.DIFFERENTIAL) + 1
        style.add("LINEABOVE", (0, number), (-1, number), 0.6, text.INK)
    return Table(rows, _WIDTHS, style=style, hAlign="LEFT", repeatRows=1)


def _row(row: SerialRow) -> list[Any]:
    beyond = row.change is Change.BEYOND
    verdict = [paragraph(row.verdict, text.STRONG if beyond else text.BODY)]
    if row.chance:
        verdict.append(paragraph(row.chance, text.SMALL))
    name = [paragraph(row.name)]
    if row.part is not Part.DIFFERENTIAL:
        name.append(paragraph(row.of, text.SMALL))
    shares = [_share(row.then), _share(row.now)]
    return [name, *shares, paragraph(row.points, text.NUMBER), "", verdict]


def _share(share: SerialShare) -> list[Flowable]:
    return [
        paragraph(share.words, text.NUMBER),
        paragraph(share.counts, text.SMALL_NUMBER),
    ]
