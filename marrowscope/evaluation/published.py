"""Figures of the papers whose tables these commands reproduce."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marrowscope.domain.errors import UnusableSettings

WARNING = (
    "Published figures are of other pictures, cells and readers: they show what a "
    "table looked like, not who is better."
)


@dataclass(frozen=True, slots=True)
class Published:
    """One published number: what was measured (`measure`) of what (`of`), and where.

    `value` in the unit of ours: from 0 to 1. `verified`: read in the paper itself.
    """

    table: str
    measure: str
    of: str
    value: float
    source: str
    where: str
    verified: bool

    @property
    def short(self) -> str:
        """Such as "Lee 2022"; a question mark where nobody has read it in the paper."""
        return self.source if self.verified else f"{self.source} ?"

    def as_json(self) -> dict[str, object]:
        return {
            "measure": self.measure,
            "of": self.of,
            "value": self.value,
            "source": self.source,
            "where": self.where,
            "verified": self.verified,
        }


def published_figures(data: Mapping[str, Any], table: str) -> tuple[Published, ...]:
    """The figures of one command's table from the content of published_figures.toml.

    Raises UnusableSettings when the file is incomplete.
    """
    try:
        return tuple(
            Published(
                table,
                measure,
                part["of"],
                value,
                source["name"],
                f"{source['reference']}, {part['where']}",
                source["verified"],
            )
            for source in data["source"]
            for part in source["part"]
            if part["table"] == table
            for measure, value in part["figures"].items()
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise UnusableSettings(
            f"The file of published figures is incomplete ({error}).",
            "Restore published_figures.toml from the program's folder.",
        ) from error


def of_classes(
    figures: Sequence[Published], classes: Iterable[str]
) -> tuple[Published, ...]:
    """The figures of the paper whose classes these mostly are; empty where none are."""
    names = {name.casefold() for name in classes}
    known = [one for one in figures if one.of.casefold() in names]
    counts = Counter(source for source, _ in {(one.source, one.of) for one in known})
    (paper, _), *_ = counts.most_common(1) or [("", 0)]
    return tuple(one for one in known if one.source == paper)


def of_measure(figures: Iterable[Published], measure: str, of: str) -> Published | None:
    """The first figure of that measure of that class or pair; None without one."""
    wanted = (measure, of.casefold())
    return next((f for f in figures if (f.measure, f.of.casefold()) == wanted), None)
