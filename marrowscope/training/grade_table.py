"""Sensitivity by true grade, as every card prints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ByGrade = Mapping[str, Sequence[float | None]]  # feature: shares at grade 1, 2, 3


def grade_table(drawn: ByGrade, edited: ByGrade) -> str:
    """Share called dysplastic by feature and true grade, of drawn and edited cells."""
    lines = [
        "| called dysplastic at | drawn, grade 1 | 2 | 3 | edited, grade 1 | 2 | 3 |",
        "|---|---|---|---|---|---|---|",
    ]
    none = (None, None, None)
    for feature in dict.fromkeys((*drawn, *edited)):
        shares = (*drawn.get(feature, none), *edited.get(feature, none))
        lines.append(f"| {feature} | {' | '.join(_shown(s) for s in shares)} |")
    return "\n".join(lines)


def _shown(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
