"""What people write into a report and sign: fields with lines, what was amended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Table, TableStyle

from marrowscope.report import pdf_layers as layers
from marrowscope.report import pdf_text as text
from marrowscope.report import signing
from marrowscope.report.content import ReportContent
from marrowscope.report.pdf_page import WIDTH
from marrowscope.report.pdf_text import paragraph
from marrowscope.report.specimen_fields import SpecimenField
from marrowscope.report.wording import printable

_BLANK = "\u00a0"  # as high as a line of words


def amendment(content: ReportContent) -> Iterator[Flowable]:
    """What is different since the version that is amended."""
    part = content.signing
    if part.changes:
        yield paragraph(signing.HEADING, text.SECTION)
        head = [paragraph(word, text.SMALL) for word in ("", "Was", "Is")]
        rows = [[*map(paragraph, (c.name, c.was, c.now))] for c in part.changes]
        name, gap = 54 * mm, 5 * mm
        room = (WIDTH - name - 2 * gap) / 2
        gapped = [[a, "", b, "", c] for a, b, c in [head, *rows]]
        yield layers.tight(gapped, [name, gap, room, gap, room])


def second_reader(content: ReportContent) -> Iterator[Flowable]:
    """How a second reader agrees with the first; nothing without one."""
    said = content.sources.second_reader
    if said:
        yield paragraph("Second reader", text.SECTION)
        yield from (paragraph(printable(sentence)) for sentence in said)


def open_when_signed(content: ReportContent) -> Iterator[Flowable]:
    """What the checks before signing still found."""
    said = content.signing.still_open
    if said:
        title = paragraph(signing.OPEN, text.SECTION)
        yield KeepTogether(
            [title, *(paragraph(f"– {line}", text.HUNG) for line in said)]
        )


def specimen(content: ReportContent) -> Iterator[Flowable]:
    """What else a doctor says of patient and specimen."""
    yield paragraph("Specimen", text.SECTION)
    if content.details:
        yield in_two(content.details)
    if content.described:
        yield field_list(content.described)


def findings(content: ReportContent) -> Iterator[Flowable]:
    """What a doctor found, line by line."""
    if content.findings:
        title = paragraph("Findings", text.SECTION)
        yield KeepTogether([title, field_list(content.findings)])


def in_two(fields: Sequence[SpecimenField]) -> Table:
    """Fields two by two, each over a line."""
    padded = [*fields, None] if len(fields) % 2 else fields
    pairs = zip(padded[::2], padded[1::2], strict=True)
    rows = [[*_field(left), "", *_field(right)] for left, right in pairs]
    half = (WIDTH - 6 * mm) / 2
    widths = [27 * mm, half - 27 * mm, 6 * mm, 29 * mm, half - 29 * mm]
    return _lined(rows, widths, (1, 4))


def _field(field: SpecimenField | None) -> list[Any]:
    if field is None:
        return ["", ""]
    return [paragraph(field.label, text.SMALL), paragraph(field.value or _BLANK)]


def field_list(fields: Sequence[SpecimenField], label: float = 45 * mm) -> Table:
    """Fields beneath one another, each over a line; `label`: room for their names."""
    return _lined([_field(f) for f in fields], [label, WIDTH - label], (1,))


def _lined(
    rows: Sequence[list[Any]],
    widths: Sequence[float],
    lines_in: Sequence[int],
) -> Table:
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0.9),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        # Labels are smaller, so they start lower to share the words' base line.
        *(("TOPPADDING", (c - 1, 0), (c - 1, -1), 2.7) for c in lines_in),
        *(("LINEBELOW", (c, 0), (c, -1), 0.4, text.HAIRLINE) for c in lines_in),
    ]
    # A long history may need more than a page, so a row may be split.
    return Table(rows, widths, style=TableStyle(style), splitInRow=1)


def signature(fields: Sequence[SpecimenField]) -> Table:
    """Name, date and meaning over their lines."""
    gap = 6 * mm
    room = (WIDTH - gap * (len(fields) - 1)) / len(fields)
    above: list[Any] = []
    below: list[Any] = []
    style = list(layers.FLUSH)
    for index, field in enumerate(fields):
        above += [paragraph(field.value or _BLANK), ""]
        below += [paragraph(field.label, text.SMALL), ""]
        style.append(("LINEBELOW", (2 * index, 0), (2 * index, 0), 0.6, text.INK))
    widths = [room, gap] * (len(fields) - 1) + [room]
    return Table([above[:-1], below[:-1]], widths, style=TableStyle(style))
