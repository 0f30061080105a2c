"""How many cells were called the same: what confirmed numbers are counted from.

Ten thousand calls are some thirty different ones: each number then costs those thirty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from marrowscope.domain.review import Verdict, is_keyed


class Call(NamedTuple):
    """What counting asks of a verdict; `grades` by feature, in their order.

    `keyed`: counted beside a microscope.
    """

    lines: tuple[str, ...]
    dysplastic: bool | None
    grades: tuple[tuple[str, int], ...] = ()
    keyed: bool = False

    @property
    def highest(self) -> int | None:
        """The highest grade of any feature; None: nobody graded it."""
        return max((grade for _, grade in self.grades), default=None)


CallTally = Mapping[Call, int]


def call_tally(verdicts: Iterable[Verdict]) -> Counter[Call]:
    """The cells of each call. Tallies add up."""
    return Counter(_call(verdict) for verdict in verdicts)


def _call(verdict: Verdict) -> Call:
    grades = tuple(sorted(verdict.grades.items()))
    return Call(verdict.lines, verdict.dysplastic, grades, is_keyed(verdict.cell))


def cells_in(calls: CallTally) -> int:
    """How many cells were called."""
    return sum(calls.values())


def within(calls: CallTally, lines: Iterable[str]) -> Counter[Call]:
    """The calls that name no line but these."""
    members = frozenset(lines)
    return Counter({c: n for c, n in calls.items() if members.issuperset(c.lines)})
