"""A second reading: the same cells called again by one who sees no call of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marrowscope.domain.review import Verdict


@dataclass(frozen=True, slots=True)
class SecondReading:
    """`cells` in the order to read them in, drawn at random with `seed`.

    `of` says in words what they were drawn from. `number` is 0 before it is stored.
    """

    number: int
    reader: str
    seed: int
    of: str
    at: str
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two calls of one cell that cannot both be right."""

    first: Verdict
    second: Verdict

    @property
    def cell(self) -> int:
        return self.first.cell


def disagreements(
    cells: Iterable[int], first: Mapping[int, Verdict], second: Mapping[int, Verdict]
) -> tuple[Disagreement, ...]:
    """Of these cells those that both called, and not alike, in their order.

    A series holds its stages, and a word on dysplasia differs from another word only:
    a reader who said less has not said otherwise.
    """
    both = ((first[c], second[c]) for c in cells if c in first and c in second)
    return tuple(Disagreement(a, b) for a, b in both if _differ(a, b))


def _differ(one: Verdict, other: Verdict) -> bool:
    named, too = set(one.lines), set(other.lines)
    if not (named <= too or too <= named):
        return True
    judged = {one.dysplastic, other.dysplastic}
    return judged == {True, False}
