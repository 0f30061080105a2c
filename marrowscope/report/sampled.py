"""What a report says of a reading of some fields drawn at random.

Wu et al. 2020 give counts and proportions of the named cells in 20 random photos of a
smear; cells that could not be identified are left out of the percentages.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from marrowscope.domain.differential import SuggestedRow
from marrowscope.report.sources import ReportSources
from marrowscope.report.wording import count_text, mark_text, share_text

UNIDENTIFIABLE, MEGAKARYOCYTE = "unidentifiable", "megakaryocyte"
DENOMINATOR = "all cells identified, megakaryocytes with them"


@dataclass(frozen=True, slots=True)
class Draw:
    """Fields asked for of every slide, and the seed that drew them."""

    fields: int
    seed: int


@dataclass(frozen=True, slots=True)
class SampledShares:
    """Rows of the cells a model identified in the drawn fields, and how many in all."""

    rows: tuple[SuggestedRow, ...]
    total: int
    blasts: int


def draws(sources: ReportSources) -> tuple[Draw, ...]:
    """Every draw behind the counted readings, once; none when all fields were read."""
    found = (_draw(run.plan.get("sample")) for run in sources.runs)
    return tuple(dict.fromkeys(draw for draw in found if draw is not None))


def _draw(said: object) -> Draw | None:
    match said:
        case {"fields": int(fields), "seed": int(seed)}:
            return Draw(fields, seed)
        case _:
            return None


def sampled_shares(sources: ReportSources) -> SampledShares | None:
    """The shares among identified cells; None before any reading."""
    said = sources.suggested
    if said is None:
        return None
    outside = [row for row in said.outside if MEGAKARYOCYTE in row.lines]
    rows = [r for r in (*said.rows, *outside) if UNIDENTIFIABLE not in r.lines]
    blast_lines = set(sources.criteria.blast_lines)
    return SampledShares(
        rows=tuple(rows),
        total=sum(row.count for row in rows),
        blasts=sum(row.count for row in rows if set(row.lines) <= blast_lines),
    )


def sampling_notices(sources: ReportSources) -> list[str]:
    """Which fields were drawn, and the blasts among the cells identified in them."""
    drawn = draws(sources)
    said = [
        f"Only {count_text(draw.fields)} fields of each slide, drawn at random"
        f" (seed {draw.seed}), were read."
        for draw in drawn
    ]
    shares = sampled_shares(sources)
    if not said or shares is None or not shares.total:
        return said
    marks = sources.criteria.blast_marks
    percent = share_text(shares.blasts, shares.total, marks)
    *first, last = (mark_text(mark) for mark in marks)
    named = f"{', '.join(first)} and {last}" if first else last
    return [
        *said,
        f"Of the {count_text(shares.total)} cells identified in them, {percent} % are"
        f" suggested blasts (marks at {named}); cells not identified are left out.",
    ]


def sampled_entry(sources: ReportSources) -> dict[str, Any]:
    """The JSON's `sampled`; empty when all fields were read."""
    drawn, shares = draws(sources), sampled_shares(sources)
    if not drawn or shares is None:
        return {}
    return {
        "sampled": {
            "draws": [{"fields": d.fields, "seed": d.seed} for d in drawn],
            "total": shares.total,
            "denominator": DENOMINATOR,
            "rows": [_row(row, shares.total) for row in shares.rows],
            "blasts": {
                "count": shares.blasts,
                "total": shares.total,
                "percent": _percent(shares.blasts, shares.total),
                "marks": [_mark(shares, mark) for mark in sources.criteria.blast_marks],
            },
        }
    }


def _row(row: SuggestedRow, total: int) -> dict[str, Any]:
    return {
        "classes": list(row.classes),
        "lines": list(row.lines),
        "name": row.name,
        "count": row.count,
        "percent": _percent(row.count, total),
    }


def _mark(shares: SampledShares, mark: Fraction) -> dict[str, Any]:
    # In whole numbers: a share that lies on the mark has reached it.
    reached = shares.blasts >= mark * shares.total if shares.total else None
    return {"percent": float(mark * 100), "reached": reached}


def _percent(count: int, total: int) -> float | None:
    return 100 * count / total if total else None
