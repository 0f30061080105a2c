"""Where the numbers come from, on paper: slides, models, definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from marrowscope.report import pdf_text as text
from marrowscope.report.content import ReportContent
from marrowscope.report.origin import SlideLine
from marrowscope.report.pdf_layers import tight
from marrowscope.report.pdf_page import WIDTH
from marrowscope.report.pdf_text import paragraph

_LABEL = 34 * mm


def definitions_section(content: ReportContent) -> Iterator[Flowable]:
    """The laboratory's definitions, by which all was counted."""
    table = tight(_pairs(content.definitions), [_LABEL, WIDTH - _LABEL])
    yield KeepTogether([paragraph("Definitions", text.SECTION), table])


def origin_section(content: ReportContent) -> Iterator[Flowable]:
    """Slides, then models with their cards."""
    yield paragraph("Slides and regions read", text.SECTION)
    yield _slide_table(content.slides)
    head: list[Flowable] = [paragraph("How these suggestions came about", text.SECTION)]
    for model in content.models:
        rows = [("Model", model.name), ("SHA-256", model.sha256)]
        rows += [("Device", model.device), ("Read", model.read)]
        head.append(tight(_pairs(rows), [_LABEL, WIDTH - _LABEL]))
    head.append(tight(_pairs(content.references), [_LABEL, WIDTH - _LABEL]))
    yield KeepTogether(head)
    yield Spacer(0, 4)
    for sentence in (*content.card, *content.statements):
        yield paragraph(sentence)
        yield Spacer(0, 1.5)


def _slide_table(slides: Sequence[SlideLine]) -> Flowable:
    if not slides:
        return paragraph("No slide has been read yet.")
    head = ("", "Slide", "Size", "Scale", "Region read", "Reading")
    rows = [[paragraph(word, text.SMALL) for word in head]]
    rows += [
        [
            paragraph(words, text.SMALL)
            for words in (s.number, s.name, s.size, s.scale, s.region, s.reading)
        ]
        for s in slides
    ]
    widths = [7 * mm, 40 * mm, 27 * mm, 38 * mm, 30 * mm, 32 * mm]
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 1.4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.4),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, text.HAIRLINE),
    ]
    return Table(rows, widths, style=TableStyle(style), repeatRows=1)


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[list[Flowable]]:
    return [[paragraph(label, text.SMALL), paragraph(value)] for label, value in pairs]
