"""A comparison of two marrows as plain lists and dictionaries, for JSON and CSV."""

from __future__ import annotations

from typing import Any

from marrowscope.domain.serial import Marrow, SerialLine
from marrowscope.domain.statistics import Share
from marrowscope.report.serial import SerialPart, SerialRow


def earlier_entry(part: SerialPart | None) -> dict[str, Any]:
    """The JSON's `earlier_marrow`; absent where none was compared with."""
    return {} if part is None else {"earlier_marrow": serial_entry(part)}


def serial_entry(part: SerialPart) -> dict[str, Any]:
    """A comparison as plain lists and dictionaries."""
    comparison = part.comparison
    lines = {(x.part, x.key): x for x in comparison.lines}
    return {
        "then": part.then,
        "now": part.now,
        "aspirated": {"then": _iso(comparison.then), "now": _iso(comparison.now)},
        "doubts": list(part.doubts),
        "test": "Fisher's exact, two-sided; adjusted by Holm",
        "lines": [_entry(row, lines[row.part, row.key]) for row in part.rows],
        "in_neither": part.none,
    }


def _iso(marrow: Marrow) -> str | None:
    return marrow.aspirated.isoformat() if marrow.aspirated else None


def _entry(row: SerialRow, line: SerialLine) -> dict[str, Any]:
    return {
        **{"part": row.part.value, "key": row.key, "name": row.name, "of": row.of},
        "then": _numbers(line.then),
        "now": _numbers(line.now),
        **{"points": line.points, "p": line.p, "p_adjusted": line.adjusted},
        "verdict": row.verdict,
    }


def _numbers(share: Share) -> dict[str, Any]:
    limits = share.interval if share.total else None
    percents = limits and [100 * limits.low, 100 * limits.high]
    return {
        **{"count": share.count, "total": share.total, "percent": share.percent},
        "interval_95": percents,
    }
