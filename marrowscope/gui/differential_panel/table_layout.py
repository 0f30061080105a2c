"""Which printed lines a layer's table has, and how high each is. No Qt here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from marrowscope.gui.differential_panel.model import (
    NOT_SEPARATED,
    LayerTable,
    TableRow,
)


class Printed(Enum):
    """What kind of line it is; the value is its height in pixels."""

    HEADING = 28
    ROW = 22
    PARTS = 17
    PART = 18
    BESIDE_HEADING = 26
    BESIDE = 20
    NOTE = 36
    EMPTY = 40

    @property
    def height(self) -> int:
        # Enum members of equal value would be one, so no two heights are the same.
        return self.value


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of the table from `top` downwards; `index` is the row it belongs to."""

    kind: Printed
    top: int
    text: str
    row: TableRow | None = None
    index: int = -1

    @property
    def bottom(self) -> int:
        return self.top + self.kind.height


def printed_lines(table: LayerTable, opened: Collection[int]) -> list[PrintedLine]:
    """The table from top to bottom; rows in `opened` print their parts one by one."""
    lines: list[PrintedLine] = []
    top = 0
    for kind, text, row, index in _content(table, opened):
        line = PrintedLine(kind, top, text, row, index)
        lines.append(line)
        top = line.bottom
    return lines


Content = tuple[Printed, str, TableRow | None, int]


def _content(table: LayerTable, opened: Collection[int]) -> Iterator[Content]:
    yield Printed.HEADING, table.heading, None, -1
    if not table.rows and not table.beside:
        yield Printed.EMPTY, table.empty, None, -1
        return
    for index, row in enumerate(table.rows):
        yield Printed.ROW, row.name, row, index
        yield from _parts(row, index, index in opened)
    if table.beside:
        yield Printed.BESIDE_HEADING, "Beside the count", None, -1
    for row in table.beside:
        yield Printed.BESIDE, row.name, row, -1
    if table.denominator:
        yield Printed.NOTE, table.denominator, None, -1


def _parts(row: TableRow, index: int, opened: bool) -> Iterator[Content]:
    if not opened:
        if row.remark:
            yield Printed.PARTS, row.remark, row, index
        return
    for part in row.parts:
        yield Printed.PART, part, row, index


def spoken(table: LayerTable) -> str:
    """The table in words, for screen readers and the clipboard (tab-separated)."""
    lines = [table.heading]
    for row in (*table.rows, *table.beside):
        name = f"{row.name}, {row.note}" if row.note else row.name
        cells = (name, row.percent, row.count, row.interval)
        lines.append("\t".join(c for c in cells if c))
        lines += [f"{part}\t{NOT_SEPARATED}" for part in row.parts]
    return "\n".join([*lines, table.denominator])
