"""Thresholds and criteria on the printed page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    Spacer,
    Table,
    TableStyle,
)

from marrowscope.domain.judging import Answer
from marrowscope.report import pdf_text as text
from marrowscope.report import systems, thresholds
from marrowscope.report.content import ReportContent
from marrowscope.report.pdf_layers import FLUSH, tight
from marrowscope.report.pdf_text import paragraph
from marrowscope.report.systems import CriterionRow, SystemBlock, UsedNumber
from marrowscope.report.thresholds import ThresholdRow

_HALF, _GUTTER = 83.5 * mm, 7 * mm
_ROOM = 170 * mm  # of a page that still has so much, the systems begin on it
_LEDGER = [36 * mm, 18 * mm, 9 * mm, 18 * mm, 3 * mm, 26 * mm, 22 * mm, 42 * mm]
_ROW = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1.3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.3),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
_ANSWERS = {
    Answer.MET: text.STRONG_NUMBER,
    Answer.NOT_MET: text.NUMBER,
    Answer.CANNOT_TELL: text.PALE_NUMBER,
}


def thresholds_of(rows: Sequence[ThresholdRow]) -> Table:
    """The ledger; a hairline before each line's first row."""
    printed = [_ledger_head(), *map(_ledger_row, rows)]
    style: list[Any] = [*_ROW, ("LINEBELOW", (0, 0), (-1, 0), 0.6, text.INK)]
    for number, row in enumerate(rows, start=1):
        if row.name and number > 1:
            line = (0.4, text.HAIRLINE)
            style.append(("LINEABOVE", (0, number), (-1, number), *line))
        if row.note:
            style.append(("SPAN", (5, number), (-1, number)))
    return Table(printed, _LEDGER, style=TableStyle(style), hAlign="LEFT")


def _ledger_head() -> list[Any]:
    name, cells, percent, interval, *others = thresholds.COLUMNS
    return [
        paragraph(name, text.SMALL),
        *(paragraph(word, text.SMALL_NUMBER) for word in (cells, percent, interval)),
        "",
        *(paragraph(word, text.SMALL) for word in others),
    ]


def _ledger_row(row: ThresholdRow) -> list[Any]:
    numbers = [
        paragraph(row.name, text.STRONG),
        paragraph(row.cells, text.LIGHT_NUMBER),
        paragraph(row.percent, text.STRONG_NUMBER),
        paragraph(row.interval, text.LIGHT_NUMBER),
        "",
    ]
    if row.note:
        return [*numbers, paragraph(row.note, text.LIGHT), "", ""]
    return [
        *numbers,
        paragraph(row.observed, text.STRONG),
        paragraph(row.interval_says),
        paragraph(row.to_settle, text.LIGHT),
    ]


def thresholds_section(content: ReportContent) -> Iterator[Flowable]:
    """The ledger with its heading, on one page."""
    yield KeepTogether(
        [
            paragraph(thresholds.HEADING, text.SECTION),
            thresholds_of(content.thresholds),
            Spacer(0, 2),
            paragraph(thresholds.MORE_CELLS, text.SMALL),
        ]
    )


def criteria_section(content: ReportContent) -> Iterator[Flowable]:
    """The numbers used, the four systems two by two, their sources.

    Together they fill a page of their own. Where a page holds only some lines yet, they
    begin on it, and the last pair and the sources go on the next.
    """
    part = content.criteria
    head = [
        paragraph(systems.HEADING, text.SECTION),
        paragraph(systems.NOT_A_DIAGNOSIS, text.SMALL),
        Spacer(0, 4),
        _used(part.used),
    ]
    numbered = enumerate(part.sources, start=1)
    sources = [paragraph(f"{n}  {source}", text.SOURCE) for n, source in numbered]
    pairs = [_pair_of(part.systems[n : n + 2]) for n in range(0, len(part.systems), 2)]
    pairs[0], pairs[-1] = [*head, *pairs[0]], [*pairs[-1], Spacer(0, 4), *sources]
    yield CondPageBreak(_ROOM)
    yield from map(KeepTogether, pairs)


def _pair_of(blocks: Sequence[SystemBlock]) -> list[Flowable]:
    return [Spacer(0, 6), _two_columns([_block(system) for system in blocks])]


def _two_columns(columns: Sequence[Sequence[Flowable]]) -> Table:
    left, *rest = columns
    right = rest[0] if rest else []
    widths = [_HALF, _GUTTER, _HALF]
    return Table([[list(left), "", list(right)]], widths, style=TableStyle(FLUSH))


def _used(numbers: Sequence[UsedNumber]) -> Table:
    half = -(-len(numbers) // 2)
    return _two_columns([[_pairs(numbers[:half])], [_pairs(numbers[half:])]])


def _pairs(numbers: Sequence[UsedNumber]) -> Table:
    rows = [
        [
            paragraph(one.name, text.SMALL),
            paragraph(one.words, text.BODY if one.known else text.LIGHT),
        ]
        for one in numbers
    ]
    style = [*_ROW, ("LINEBELOW", (0, 0), (-1, -1), 0.4, text.HAIRLINE)]
    return Table(rows, [33 * mm, _HALF - 33 * mm], style=TableStyle(style))


def _block(system: SystemBlock) -> list[Flowable]:
    head = tight(
        [
            [
                paragraph(system.name, text.STRONG),
                paragraph(system.full_name, text.SMALL_NUMBER),
            ]
        ],
        [22 * mm, _HALF - 22 * mm],
    )
    style = [
        *_ROW,
        ("LINEABOVE", (0, 0), (-1, 0), 0.6, text.INK),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, text.HAIRLINE),
        ("LEFTPADDING", (1, 0), (1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 0.9),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
    rows = [_criterion(row) for row in system.rows]
    widths = [44 * mm, 23 * mm, _HALF - 67 * mm]
    notes = [paragraph(note, text.SMALL) for note in system.notes]
    return [head, Table(rows, widths, style=TableStyle(style)), Spacer(0, 2), *notes]


def _criterion(row: CriterionRow) -> list[Any]:
    words: list[Flowable] = [text.with_reference(row.text, row.source)]
    if row.remark:
        words.append(paragraph(row.remark, text.SMALL))
    return [
        words,
        paragraph(row.used, text.SMALL_NUMBER),
        paragraph(row.answer.value, _ANSWERS[row.answer]),
    ]
