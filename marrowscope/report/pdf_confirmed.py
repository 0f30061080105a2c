"""The reader's layer on paper: differential, M:E ratio, blasts and dysplasia."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from marrowscope.report import confirmed as reader
from marrowscope.report import pdf_text as text
from marrowscope.report.confirmed import ConfirmedBar, ConfirmedLine, ConfirmedPart
from marrowscope.report.content import ReportContent
from marrowscope.report.pdf_bars import ShareBar, Whisker
from marrowscope.report.pdf_layers import (
    LEFT,
    RIGHT,
    TIGHT,
    Cells,
    layer_heading,
    side_by_side,
    spans,
    tight,
)
from marrowscope.report.pdf_text import paragraph
from marrowscope.report.wording import count_text


def confirmed_layer(content: ReportContent) -> list[Flowable]:
    """The differential beside blasts and dysplasia, each with its interval."""
    part = content.confirmed
    left: list[Flowable] = [_table(part), *_ratio(part)]
    if basis := part.count.basis:
        left[:0] = [paragraph(basis, text.STRONG), Spacer(0, 3)]
    right = _bar(part.blasts)
    for bar in part.dysplasia:
        right += [Spacer(0, 7), *_bar(bar)]
    heading = layer_heading(reader.HEADING, hard=True)
    return [heading, Spacer(0, 3), side_by_side(left, right)]


def _ratio(part: ConfirmedPart) -> list[Flowable]:
    above, below = part.ratio_counts
    row = [
        paragraph("M : E ratio", text.STRONG),
        paragraph(part.ratio, text.STRONG_NUMBER),
    ]
    counts = f"{count_text(above)} : {count_text(below)} confirmed cells"
    return [
        Spacer(0, 7),
        tight([row], [LEFT - 45 * mm, 45 * mm]),
        paragraph(f"{counts}. {part.formula}", text.SMALL),
    ]


def _table(part: ConfirmedPart) -> Table:
    head = [
        paragraph("Cells", text.SMALL),
        paragraph("n", text.SMALL_NUMBER),
        paragraph("%", text.SMALL_NUMBER),
        paragraph("95 % interval", text.SMALL_NUMBER),
    ]
    rows = [head, *(_row(line) for line in part.lines)]
    rows.append(_total(part))
    total = len(rows) - 1
    rows += [_row(line) for line in part.outside]
    style = [
        *TIGHT,
        ("LINEBELOW", (0, 0), (-1, 0), 0.4, text.HAIRLINE),
        ("LINEABOVE", (0, total), (-1, total), 0.4, text.INK),
        *spans(rows),
    ]
    widths = [LEFT - 43 * mm, 11 * mm, 12 * mm, 20 * mm]
    return Table(rows, widths, style=TableStyle(style))


def _row(line: ConfirmedLine) -> Cells:
    if line.note:
        note = paragraph(line.note, text.SMALL_NUMBER)
        return [paragraph(line.name), note, "", ""]
    name = text.STRONG if line.series else text.BODY
    return [
        paragraph(line.name, name),
        paragraph(line.count, text.LIGHT_NUMBER),
        paragraph(line.percent, text.NUMBER),
        paragraph(line.interval, text.LIGHT_NUMBER),
    ]


def _total(part: ConfirmedPart) -> Cells:
    target = f"of {count_text(part.target)} (at least {count_text(part.minimum)})"
    return [
        paragraph("Nucleated cells counted", text.STRONG),
        paragraph(count_text(part.total), text.STRONG_NUMBER),
        paragraph(target, text.SMALL_NUMBER),
        "",
    ]


def _bar(bar: ConfirmedBar) -> list[Flowable]:
    share, marks = bar.share, bar.mark_percents
    value = "" if not share.total else f"{bar.percent} % ({bar.interval})"
    head = tight(
        [[paragraph(bar.name, text.STRONG), paragraph(value, text.STRONG_NUMBER)]],
        [RIGHT - 32 * mm, 32 * mm],
    )
    whisker = None
    if share.percent is not None:
        low, high = 100 * share.interval.low, 100 * share.interval.high
        whisker = Whisker(low, share.percent, high)
    drawn = ShareBar(
        share.percent if bar.filled else None,
        lineage=bar.lineage,
        marks=marks,
        solid=True,
        whisker=whisker,
    )
    lines = [paragraph("; ".join(bar.verdicts), text.STRONG), paragraph(bar.words)]
    if more := "; ".join(_more(bar)):
        lines.append(paragraph(more, text.SMALL))
    return [head, drawn, Spacer(0, 1.5), *lines]


def _more(bar: ConfirmedBar) -> Iterator[str]:
    if bar.without_grade_1 and bar.share.total:
        yield f"without grade 1: {bar.without_grade_1} %"
    yield from bar.remarks
