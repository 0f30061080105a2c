"""The model's layer on paper: pale, hatched, without interval or verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from marrowscope.report import pdf_text as text
from marrowscope.report import suggested as model
from marrowscope.report.confirmed import ConfirmedBar
from marrowscope.report.content import ReportContent
from marrowscope.report.pdf_bars import ShareBar
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
from marrowscope.report.suggested import SuggestedBar, SuggestedLine, SuggestedPart
from marrowscope.report.wording import count_text


def suggested_layer(content: ReportContent) -> list[Flowable]:
    """What the model suggests and nobody has reviewed; nothing before any reading."""
    part = content.suggested
    if part is None:
        return []
    divided = f"Percent of {part.denominator}."
    left = [_table(part), Spacer(0, 3), paragraph(divided, text.SUGGESTED_SMALL)]
    found = {bar.lineage: bar for bar in part.dysplasia}
    right = _bar(part.blasts, content.confirmed.blasts)
    for bar in content.confirmed.dysplasia:
        right += [Spacer(0, 7), *_bar(found.get(bar.lineage), bar)]
    heading = layer_heading(model.HEADING, hard=False)
    return [heading, Spacer(0, 3), side_by_side(left, right)]


def _table(part: SuggestedPart) -> Table:
    head = [
        paragraph("Cells", text.SUGGESTED_SMALL),
        paragraph("n", text.SUGGESTED_SMALL_NUMBER),
        paragraph("%", text.SUGGESTED_SMALL_NUMBER),
    ]
    rows = [head, *(_row(line) for line in part.lines)]
    rows.append(
        [
            paragraph("Suggested nucleated cells", text.SUGGESTED),
            paragraph(count_text(part.total), text.SUGGESTED_NUMBER),
            paragraph("", text.SUGGESTED_NUMBER),
        ]
    )
    total = len(rows) - 1
    rows += [_row(line) for line in part.outside]
    style = [
        *TIGHT,
        ("LINEBELOW", (0, 0), (-1, 0), 0.4, text.HAIRLINE),
        ("LINEABOVE", (0, total), (-1, total), 0.4, text.PALE),
        *spans(rows[:total]),
        *_closer(part.lines),
    ]
    return Table(rows, [LEFT - 36 * mm, 20 * mm, 16 * mm], style=TableStyle(style))


def _closer(lines: Sequence[SuggestedLine]) -> Iterator[tuple[object, ...]]:
    for index, line in enumerate(lines, start=1):
        if line.member:
            yield ("TOPPADDING", (0, index), (-1, index), 0)
            yield ("BOTTOMPADDING", (0, index), (-1, index), 0.3)


def _row(line: SuggestedLine) -> Cells:
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


def _bar(bar: SuggestedBar | None, confirmed: ConfirmedBar) -> list[Flowable]:
    if bar is None:
        mute = f"{confirmed.name}: {model.NOT_SEPARATED}"
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
    drawn = ShareBar(
        bar.value, lineage=bar.lineage, marks=confirmed.mark_percents, solid=False
    )
    words = [paragraph(line, text.SUGGESTED) for line in _words(bar)]
    return [head, drawn, Spacer(0, 1.5), *words]


def _words(bar: SuggestedBar) -> Iterable[str]:
    yield bar.words
    if bar.without_grade_1 and bar.total:
        yield f"without grade 1: {bar.without_grade_1} %"
