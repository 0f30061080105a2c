"""How many cells were called the same: what confirmed numbers are counted from.

Ten thousand calls are some thirty different ones: each number then costs those thirty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from marrowscope.domain.review import Origin, Verdict, is_keyed


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
    return sum(tally_by_origin(verdicts).values(), Counter())


def tally_by_origin(verdicts: Iterable[Verdict]) -> dict[Origin, Counter[Call]]:
    """The same, apart for each reason why the reader was shown a cell."""
    found: dict[Origin, Counter[Call]] = {}
    # Counted as plain tuples: half a million named ones would take a second to make.
    for (origin, *said), cells in Counter(_said(verdicts)).items():
        found.setdefault(origin, Counter())[Call(*said)] = cells
    return found


def _said(verdicts: Iterable[Verdict]) -> Iterator[tuple[Any, ...]]:
    """Of each why it was shown, and then what makes a `Call`."""
    for one in verdicts:
        grades = tuple(sorted(one.grades.items())) if one.grades else ()
        yield one.origin, one.lines, one.dysplastic, grades, is_keyed(one.cell)


def cells_in(calls: CallTally) -> int:
    """How many cells were called."""
    return sum(calls.values())


def within(calls: CallTally, lines: Iterable[str]) -> Counter[Call]:
    """The calls that name no line but these."""
    members = frozenset(lines)
    return Counter({c: n for c, n in calls.items() if members.issuperset(c.lines)})


def unplaced(calls: CallTally, lines: Iterable[str]) -> int:
    """Cells called by a series that holds some of these lines and others as well."""
    members = frozenset(lines)
    touching = (n for c, n in calls.items() if not members.isdisjoint(c.lines))
    return sum(touching) - cells_in(within(calls, members))
