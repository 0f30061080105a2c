"""The first page: whose marrow, what was counted, how sure it is, who signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from marrowscope.report import confirmed as reader
from marrowscope.report import pdf_fields as fields
from marrowscope.report import pdf_text as text
from marrowscope.report.area import NOTE
from marrowscope.report.content import ReportContent
from marrowscope.report.pdf_confirmed import confirmed_layer
from marrowscope.report.pdf_layers import tight
from marrowscope.report.pdf_page import WIDTH, AtFoot
from marrowscope.report.pdf_suggested import suggested_layer
from marrowscope.report.pdf_text import paragraph

_DATE = 60 * mm


def first_page(content: ReportContent) -> Iterator[Flowable]:
    """The answer alone; before any call of a person, what the model suggests."""
    names = [paragraph(content.case_name, text.SUBTITLE)]
    names.append(paragraph(content.made, text.NUMBER))
    yield paragraph(content.title, text.TITLE)
    yield tight([names], [WIDTH - _DATE, _DATE])
    yield Spacer(0, 4)
    yield fields.in_two(content.head)
    if content.conclusion.value or not content.sources.signing.signature:
        yield fields.field_list([content.conclusion], 27 * mm)
    yield Spacer(0, 8)
    yield _band(content)
    yield Spacer(0, 10)
    yield from _layer(content)
    yield Spacer(0, 4)
    if content.confirmed.total:
        yield paragraph(reader.NOT_COVERED, text.SMALL)
    if content.sources.spreads:
        yield paragraph(NOTE, text.SMALL)
    yield AtFoot(
        [
            Spacer(0, 12),
            fields.signature(content.signature),
            Spacer(0, 3),
            *(paragraph(line, text.SMALL) for line in content.signing.signed),
        ]
    )


def _layer(content: ReportContent) -> Iterator[Flowable]:
    if not content.confirmed.total:
        yield paragraph(reader.NOTHING_YET, text.STRONG)
        yield Spacer(0, 6)
    first = content.confirmed.total or content.suggested is None
    yield from (confirmed_layer if first else suggested_layer)(content)


def _band(content: ReportContent) -> Table:
    """What must be said before any number is read."""
    rows = [[paragraph(content.research_use, text.STRONG)]]
    rows += [[paragraph(said, text.STRONG)] for said in content.signing.amendment]
    rows += [[paragraph(sentence)] for sentence in content.notices]
    style: list[Any] = [
        ("BACKGROUND", (0, 0), (-1, -1), text.BAND),
        ("LINEBEFORE", (0, 0), (0, -1), 1.4, text.INK),
        ("LEFTPADDING", (0, 0), (-1, -1), 7),
        ("TOPPADDING", (0, 0), (-1, -1), 1.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2),
        ("TOPPADDING", (0, 0), (-1, 0), 4),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 4.5),
    ]
    return Table(rows, [WIDTH], style=TableStyle(style))
