"""What the reader's layer and the model's layer share on paper: widths and heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from marrowscope.report import pdf_text as text
from marrowscope.report.pdf_page import WIDTH
from marrowscope.report.pdf_text import paragraph

LEFT, GAP = 88 * mm, 8 * mm
RIGHT = WIDTH - LEFT - GAP
TIGHT = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0.9),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0.9),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    # An empty cell behind a word would make its row higher than the lines around it.
    ("LEADING", (0, 0), (-1, -1), 1),
]
FLUSH = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
Cells = list[Paragraph | str]
HARD: list[Any] = [("LINEBELOW", (0, 0), (-1, -1), 1.0, text.INK)]
PALE: list[Any] = [("LINEBELOW", (0, 0), (-1, -1), 0.6, text.PALE, None, (2, 1.5))]


def tight(rows: Sequence[list[Any]], widths: Sequence[float]) -> Table:
    """A table with nothing drawn and little air."""
    return Table(rows, widths, style=TableStyle(TIGHT), hAlign="LEFT")


def side_by_side(left: Sequence[Flowable], right: Sequence[Flowable]) -> Table:
    """Two columns: a table, and the bars drawn from it."""
    return Table(
        [[list(left), "", list(right)]], [LEFT, GAP, RIGHT], style=TableStyle(FLUSH)
    )


def layer_heading(words: str, *, hard: bool) -> Table:
    """Whose layer it is, over the whole width: a firm line, or a broken pale one."""
    style = text.STRONG if hard else text.SUGGESTED
    drawn = [*TIGHT, *(HARD if hard else PALE), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)]
    return Table([[paragraph(words, style)]], [WIDTH], style=TableStyle(drawn))


def spans(rows: Sequence[Cells]) -> Iterator[tuple[object, ...]]:
    # A word instead of numbers takes the room of the cells left empty behind it.
    for index, row in enumerate(rows):
        first_empty = row.index("") if "" in row else len(row)
        if first_empty < len(row):
            yield ("SPAN", (first_empty - 1, index), (-1, index))
