"""The lines of a marrow differential and the series a reader or a model may name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marrowscope.domain.errors import UnusableSettings

LINEAGES = (
    "blast",
    "granulocytic",
    "monocytic",
    "erythroid",
    "lymphoid",
    "megakaryocytic",
    "other",
    "none",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the differential.

    `counted`: in the nucleated differential count. `cell`: a nucleated cell at all
    (platelets, red cells and debris are not, and never enter the cells).
    """

    id: str
    name: str
    short: str
    lineage: str
    counted: bool
    cell: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """A series named without its stage; `lines` in the taxonomy's order."""

    id: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Taxonomy:
    """Lines in the order a report prints them, and groups of lines."""

    version: str
    source: str
    lines: tuple[Line, ...]
    groups: tuple[Group, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Taxonomy:
        """Build from the content of taxonomy.toml.

        Raises UnusableSettings when a line repeats, a lineage is unknown, or a group
        names a line that is not there.
        """
        try:
            lines = tuple(Line(**entry) for entry in data["lines"])
            groups = tuple(
                Group(g["id"], g["name"], tuple(g["lines"])) for g in data["groups"]
            )
            taxonomy = cls(data["version"], data["source"], lines, groups)
        except (KeyError, TypeError) as error:
            raise UnusableSettings(
                f"The taxonomy file is incomplete ({error}).",
                "Restore taxonomy.toml from the program's folder.",
            ) from error
        taxonomy._check()
        return taxonomy

    def _check(self) -> None:
        ids = [line.id for line in self.lines]
        wrong = {i for i in ids if ids.count(i) > 1}
        wrong |= {line.id for line in self.lines if line.lineage not in LINEAGES}
        wrong |= {i for g in self.groups for i in g.lines if i not in ids}
        if wrong:
            raise UnusableSettings(
                "The taxonomy file repeats or does not know: "
                f"{', '.join(sorted(wrong))}.",
                "Correct these entries in taxonomy.toml.",
            )

    @cached_property
    def _by_id(self) -> dict[str, Line]:
        return {line.id: line for line in self.lines}

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {line.id: rank for rank, line in enumerate(self.lines)}

    def line(self, line_id: str) -> Line:
        """The line of that id; KeyError when there is none."""
        return self._by_id[line_id]

    def ordered(self, line_ids: Iterable[str]) -> tuple[str, ...]:
        """The same ids, each once, in the order a report prints them."""
        return tuple(sorted(set(line_ids), key=self._rank.__getitem__))

    def in_order(self, calls: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Calls of one or more lines as a report lists them, a series before its own.

        A call's lines are in their order.
        """
        return sorted(calls, key=lambda lines: (self._rank[lines[0]], -len(lines)))

    def ranks(self, line_ids: Iterable[str]) -> tuple[int, ...]:
        """Where these lines stand in a report, to sort by."""
        return tuple(sorted(self._rank[i] for i in line_ids))

    def name_of(self, line_ids: Sequence[str]) -> str:
        """What a report calls this line or set of lines."""
        ordered = self.ordered(line_ids)
        if len(ordered) == 1:
            return self.line(ordered[0]).name
        for group in self.groups:
            if self.ordered(group.lines) == ordered:
                return group.name
        return " / ".join(self.line(i).name for i in ordered)

    def lineage_of(self, line_ids: Iterable[str]) -> str:
        """The lineage all these lines share, else "other"."""
        lineages = {self.line(i).lineage for i in line_ids}
        return lineages.pop() if len(lineages) == 1 else "other"

    def counted(self, line_ids: Iterable[str]) -> bool:
        """True when every one of these lines is in the nucleated differential count."""
        return all(self.line(i).counted for i in line_ids)

    def sum_of(self, line_ids: Iterable[str]) -> str:
        """These lines added up in words, whole series by their names.

        Such as "granulocytes and precursors + monocytic cells".
        """
        rest, named = set(line_ids), []
        series = [g for g in self.groups if self.lineage_of(g.lines) != "other"]
        for group in sorted(series, key=lambda g: -len(g.lines)):
            if rest.issuperset(group.lines):
                named.append((self._rank[group.lines[0]], group.name))
                rest -= set(group.lines)
        named += [(self._rank[i], self.line(i).name) for i in rest]
        return " + ".join(name.lower() for _, name in sorted(named))
