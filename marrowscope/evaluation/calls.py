"""Readers' calls of the same cells: from a table, and back into one."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from marrowscope.domain.errors import UnreadableInput
from marrowscope.evaluation.agreement import AgreementReport

_NO_READER = ("cell", "case", "path", "iou", "majority", "differs", "")


@dataclass(frozen=True, slots=True)
class Calls:
    """N cells: their names, each reader's call ("" for none), and how many were left
    out."""

    cells: tuple[str, ...]
    by_reader: Mapping[str, tuple[str, ...]]
    left_out: int = 0


def read_calls(path: Path, *, least_iou: float | None = None) -> Calls:
    """Calls by reader from a CSV: one row per cell, one column per reader.

    Columns `cell` and `path` are names, `iou` the overlap of the cell's boxes: rows
    below `least_iou` are left out and counted, as Wu et al. 2020 did. Raises
    UnreadableInput when there are no two readers.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(
            f"{path.name} cannot be read.", "Save it as CSV."
        ) from error
    # A row longer than the heading has its surplus under None: no reader's calls.
    heading = [name for name in (rows[0] if rows else {}) if isinstance(name, str)]
    names = [name for name in heading if name not in _NO_READER]
    if len(names) < 2:
        raise UnreadableInput(
            f"{path.name} has no two columns of calls.",
            "Give one row per cell and one column per reader.",
        )
    kept = [r for r in rows if least_iou is None or _overlap(r, path) >= least_iou]
    calls = {name: tuple((row[name] or "").strip() for row in kept) for name in names}
    cells = (row.get("cell") or row.get("path") for row in kept)
    named = tuple(name or str(i + 1) for i, name in enumerate(cells))
    return Calls(named, calls, len(rows) - len(kept))


def _overlap(row: Mapping[str, str | None], path: Path) -> float:
    """The overlap of a row's boxes, 1 where none is given."""
    try:
        return float(row.get("iou") or 1)
    except ValueError as error:
        raise UnreadableInput(
            f"{path.name} has an iou that is no number ({row['iou']}).",
            "Give iou as a number from 0 to 1, or leave it empty.",
        ) from error


def write_calls(report: AgreementReport, path: Path) -> None:
    """One row per cell: everybody's call, the majority's, and whether they differ.

    `read_calls` reads such a file again.
    Raises UnreadableInput when it cannot be written.
    """
    readers = list(dict.fromkeys(name for one in report.cells for name in one.calls))
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["cell", *readers, "majority", "differs"])
            for one in report.cells:
                calls = [one.calls.get(name, "") for name in readers]
                differs = "yes" if one.differs else "no"
                table.writerow([one.cell, *calls, one.majority, differs])
    except OSError as error:
        raise UnreadableInput(
            f"{path.name} cannot be written ({error.strerror}).",
            "Choose another file with --out.",
        ) from error
