"""The two layers of a report side by side: differential, blasts, dysplasia."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from marrowscope.report import confirmed as reader
from marrowscope.report import pdf_text as text
from marrowscope.report import suggested as model
from marrowscope.report.confirmed import ConfirmedBar, ConfirmedLine, ConfirmedPart
from marrowscope.report.content import ReportContent
from marrowscope.report.pdf_bars import ShareBar, Whisker
from marrowscope.report.pdf_text import paragraph
from marrowscope.report.suggested import SuggestedBar, SuggestedLine, SuggestedPart
from marrowscope.report.wording import count_text

LEFT, GAP, RIGHT = 91 * mm, 7 * mm, 76 * mm
_TIGHT = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0.9),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0.9),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
FLUSH = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
Cells = list[Paragraph | str]


def tight(rows: Sequence[list[Any]], widths: Sequence[float]) -> Table:
    """A table with nothing drawn and little air."""
    return Table(rows, widths, style=TableStyle(_TIGHT), hAlign="LEFT")


def side_by_side(left: Sequence[Flowable], right: Sequence[Flowable]) -> Table:
    """The reader's column and the model's column."""
    return Table(
        [[list(left), "", list(right)]], [LEFT, GAP, RIGHT], style=TableStyle(FLUSH)
    )


def layer_headings() -> Table:
    """What the two columns are, said above each of them."""
    style = [
        *_TIGHT,
        ("LINEBELOW", (0, 0), (0, 0), 1.0, text.INK),
        ("LINEBELOW", (2, 0), (2, 0), 0.6, text.PALE, None, (2, 1.5)),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    row = [
        paragraph(reader.HEADING, text.STRONG),
        "",
        paragraph(model.HEADING, text.SUGGESTED),
    ]
    return Table([row], [LEFT, GAP, RIGHT], style=TableStyle(style))


def differential(content: ReportContent) -> list[Flowable]:
    """Both differentials and what stands beside the count."""
    left: list[Flowable] = [_confirmed_table(content.confirmed)]
    left += _ratio(content.confirmed)
    if basis := content.confirmed.count.basis:
        left[:0] = [paragraph(basis, text.STRONG), Spacer(0, 3)]
    if not content.confirmed.total:
        left.insert(0, paragraph(reader.NOTHING_YET, text.STRONG))
    right: list[Flowable] = [paragraph("Nothing has been read yet.", text.SUGGESTED)]
    if content.suggested:
        divided = f"Percent of {content.suggested.denominator}."
        right = [
            _suggested_table(content.suggested),
            Spacer(0, 3),
            paragraph(divided, text.SUGGESTED_SMALL),
        ]
    return [layer_headings(), side_by_side(left, right)]


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


def _confirmed_table(part: ConfirmedPart) -> Table:
    head = [
        paragraph("Cells", text.SMALL),
        paragraph("n", text.SMALL_NUMBER),
        paragraph("%", text.SMALL_NUMBER),
        paragraph("95 % interval", text.SMALL_NUMBER),
    ]
    rows = [head, *(_confirmed_row(line) for line in part.lines)]
    rows.append(_confirmed_total(part))
    total = len(rows) - 1
    rows += [_confirmed_row(line) for line in part.outside]
    style = [
        *_TIGHT,
        ("LINEBELOW", (0, 0), (-1, 0), 0.4, text.HAIRLINE),
        ("LINEABOVE", (0, total), (-1, total), 0.4, text.INK),
        *_spans(rows),
    ]
    widths = [47 * mm, 12 * mm, 13 * mm, 19 * mm]
    return Table(rows, widths, style=TableStyle(style))


def _spans(rows: Sequence[Cells]) -> Iterator[tuple[object, ...]]:
    # A word instead of numbers takes the room of the cells left empty behind it.
    for index, row in enumerate(rows):
        first_empty = row.index("") if "" in row else len(row)
        if first_empty < len(row):
            yield ("SPAN", (first_empty - 1, index), (-1, index))


def _confirmed_row(line: ConfirmedLine) -> Cells:
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


def _confirmed_total(part: ConfirmedPart) -> Cells:
    target = f"of {count_text(part.target)} (at least {count_text(part.minimum)})"
    return [
        paragraph("Nucleated cells counted", text.STRONG),
        paragraph(count_text(part.total), text.STRONG_NUMBER),
        paragraph(target, text.SMALL_NUMBER),
        "",
    ]


def _suggested_table(part: SuggestedPart) -> Table:
    head = [
        paragraph("Cells", text.SUGGESTED_SMALL),
        paragraph("n", text.SUGGESTED_SMALL_NUMBER),
        paragraph("%", text.SUGGESTED_SMALL_NUMBER),
    ]
    rows = [head, *(_suggested_row(line) for line in part.lines)]
    rows.append(
        [
            paragraph("Suggested nucleated cells", text.SUGGESTED),
            paragraph(count_text(part.total), text.SUGGESTED_NUMBER),
            paragraph("", text.SUGGESTED_NUMBER),
        ]
    )
    total = len(rows) - 1
    rows += [_suggested_row(line) for line in part.outside]
    style = [
        *_TIGHT,
        ("LINEBELOW", (0, 0), (-1, 0), 0.4, text.HAIRLINE),
        ("LINEABOVE", (0, total), (-1, total), 0.4, text.PALE),
        *_spans(rows[:total]),
        *_closer(part.lines),
    ]
    return Table(rows, [40 * mm, 20 * mm, 16 * mm], style=TableStyle(style))


def _closer(lines: Sequence[SuggestedLine]) -> Iterator[tuple[object, ...]]:
    for index, line in enumerate(lines, start=1):
        if line.member:
            yield ("TOPPADDING", (0, index), (-1, index), 0)
            yield ("BOTTOMPADDING", (0, index), (-1, index), 0.3)


def _suggested_row(line: SuggestedLine) -> Cells:
    if line.count is None:
        style = text.SUGGESTED_MEMBER if line.member else text.SUGGESTED
        note = paragraph(line.note, text.SUGGESTED_SMALL_NUMBER)
        return [paragraph(line.name, style), note, ""]
    name = line.name
    if line.classes:
        name = f"{name} ({' + '.join(line.classes)})"
    return [
        paragraph(name, text.SUGGESTED),
        paragraph(count_text(line.count), text.SUGGESTED_NUMBER),
        paragraph(line.percent, text.SUGGESTED_NUMBER),
    ]


def bars(content: ReportContent) -> list[Flowable]:
    """Blasts against 5, 10 and 20 %, then the lineages against the 10 % line."""
    criteria, part = content.sources.criteria, content.suggested
    marks = [float(mark * 100) for mark in criteria.blast_marks]
    line = [float(criteria.dysplasia_threshold * 100)]
    rows = [(content.confirmed.blasts, part.blasts if part else None, marks)]
    found = {bar.lineage: bar for bar in part.dysplasia} if part else {}
    rows += [(b, found.get(b.lineage), line) for b in content.confirmed.dysplasia]
    parts: list[Flowable] = [layer_headings(), Spacer(0, 4)]
    for confirmed, suggested, at in rows:
        right = _suggested_bar(suggested, confirmed.name, at)
        parts += [side_by_side(_confirmed_bar(confirmed, at), right), Spacer(0, 6)]
    return parts


def _confirmed_bar(bar: ConfirmedBar, marks: Sequence[float]) -> list[Flowable]:
    share = bar.share
    value = "" if not share.total else f"{bar.percent} % ({bar.interval})"
    head = tight(
        [[paragraph(bar.name, text.STRONG), paragraph(value, text.STRONG_NUMBER)]],
        [LEFT - 45 * mm, 45 * mm],
    )
    whisker = None
    if share.total:
        whisker = Whisker(100 * share.interval.low, 100 * share.interval.high)
    drawn = ShareBar(
        share.percent, lineage=bar.lineage, marks=marks, solid=True, whisker=whisker
    )
    lines = [paragraph("; ".join(bar.verdicts), text.STRONG), paragraph(bar.words)]
    if bar.without_grade_1 and share.total:
        lines.append(paragraph(f"without grade 1: {bar.without_grade_1} %", text.BODY))
    lines += [paragraph(remark, text.SMALL) for remark in bar.remarks]
    return [head, drawn, Spacer(0, 1.5), *lines]


def _suggested_bar(
    bar: SuggestedBar | None, name: str, marks: Sequence[float]
) -> list[Flowable]:
    if bar is None:
        mute = f"{name}: {model.NOT_SEPARATED}"
        return [paragraph(mute, text.SUGGESTED)]
    value = f"{bar.percent} %" if bar.percent else ""
    head = tight(
        [
            [
                paragraph(bar.name, text.SUGGESTED),
                paragraph(value, text.SUGGESTED_NUMBER),
            ]
        ],
        [RIGHT - 30 * mm, 30 * mm],
    )
    drawn = ShareBar(bar.value, lineage=bar.lineage, marks=marks, solid=False)
    words = [paragraph(line, text.SUGGESTED) for line in _suggested_words(bar)]
    return [head, drawn, Spacer(0, 1.5), *words]


def _suggested_words(bar: SuggestedBar) -> Iterable[str]:
    yield bar.words
    if bar.without_grade_1 and bar.total:
        yield f"without grade 1: {bar.without_grade_1} %"
