"""Marrows for tests: so many confirmed cells of each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from marrowscope.domain.call_tally import Call
from marrowscope.domain.criteria import DYSPLASIA_LINEAGES, Criteria
from marrowscope.domain.serial import Comparison, Marrow, compare
from marrowscope.domain.sorted_calls import SortedCalls
from marrowscope.domain.taxonomy import Taxonomy

SERIES = "myelocyte/metamyelocyte"


def marrow(
    cells: Mapping[str, int],
    *,
    dysplastic: int = 0,
    dilution: str = "",
    stain: str = "",
) -> Marrow:
    """Called cells by line, or lines joined by "/"; segmented ones are judged.

    `dysplastic`: of the segmented ones.
    """
    calls = Counter[Call]()
    for lines, number in cells.items():
        named = tuple(lines.split("/"))
        if named == ("segmented",):
            calls[Call(named, True)] += dysplastic
            calls[Call(named, False)] += number - dysplastic
        else:
            calls[Call(named, None)] += number
    judged: dict[str, Counter[Call]] = {of: calls for of in DYSPLASIA_LINEAGES}
    return Marrow(
        "M", SortedCalls(calls, judged), {"dilution": dilution, "stain": stain}
    )


def two_marrows(taxonomy: Taxonomy, criteria: Criteria) -> Comparison:
    """More blasts and dysplasia now; lymphocytes fell as chance may let them fall."""
    then = marrow({"blast": 15, "segmented": 315, "lymphocyte": 30}, dysplastic=20)
    now = marrow({"blast": 48, "segmented": 300, "lymphocyte": 18}, dysplastic=66)
    lines = compare(then, now, taxonomy, criteria)
    return Comparison(then, now, lines)
