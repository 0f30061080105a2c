"""earlier_marrow.csv: this marrow beside an earlier one, one row a line.

Columns: `then_aspirated`, `now_aspirated` (year first; empty where not given);
`part`, `key` (a lineage, or lines joined by "/"), `name`, `of`; count, total, percent
and both limits of the 95 % interval in percent, `then` and `now`; `points`, `p` and
`p_adjusted` (empty where nothing was tested), `verdict`. The shares of part "M : E" are
of its numerator in both its counts.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from marrowscope.report.serial import SerialPart
from marrowscope.report.serial_entry import serial_entry

_SHARE = ("count", "total", "percent", "low_95", "high_95")
_TAKEN = ("then_aspirated", "now_aspirated")
_BEFORE, _AFTER = ("part", "key", "name", "of"), ("points", "p", "p_adjusted")
COLUMNS = (
    *_TAKEN,
    *_BEFORE,
    *(f"{when}_{name}" for when in ("then", "now") for name in _SHARE),
    *(*_AFTER, "verdict"),
)


def write_comparison(part: SerialPart, path: Path) -> None:
    """Write the table, UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        said = serial_entry(part)
        taken = said["aspirated"]["then"], said["aspirated"]["now"]
        rows.writerows([*taken, *_row(line)] for line in said["lines"])


def _row(line: dict[str, Any]) -> list[Any]:
    shares = [value for when in ("then", "now") for value in _share(line[when])]
    before, after = ([line[name] for name in names] for names in (_BEFORE, _AFTER))
    return [*before, *shares, *after, line["verdict"]]


def _share(said: dict[str, Any]) -> list[Any]:
    limits = said["interval_95"] or (None, None)
    return [said["count"], said["total"], said["percent"], *limits]


def is_comparison(path: Path) -> bool:
    """True for a file that `write_comparison` wrote, of this version or one before."""
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        head = next(csv.reader(file), [])
    return {"part", "then_count", "now_count", "verdict"} <= set(head)
