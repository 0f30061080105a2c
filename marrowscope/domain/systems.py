"""What WHO, ICC and IPSS-R ask of a marrow: bands and findings, each with its source.

Content of classification.toml. A criterion is a sum of conditions on single numbers or
facts; its words are made from its limits, so that they cannot say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.typed_facts import FACTS, FactKind

MARROW_BLASTS = "marrow_blasts"
DYSPLASIA = {
    "erythroid_dysplasia": "erythroid",
    "granulocytic_dysplasia": "granulocytic",
    "megakaryocytic_dysplasia": "megakaryocytic",
}
_TYPED = {fact.id: fact for fact in FACTS}
_LIMITS = ("at_least", "above", "at_most", "below")


@dataclass(frozen=True, slots=True)
class Limits:
    """A range of numbers; each end, where there is one, with or without itself."""

    at_least: Fraction | None = None
    above: Fraction | None = None
    at_most: Fraction | None = None
    below: Fraction | None = None

    @property
    def ends(self) -> tuple[Fraction, ...]:
        """Its one or two ends, the lower first."""
        every = (self.at_least, self.above, self.at_most, self.below)
        return tuple(end for end in every if end is not None)

    def reached(self, value: Fraction) -> bool:
        """True when the value is not under the lower end."""
        return (self.at_least is None or value >= self.at_least) and (
            self.above is None or value > self.above
        )

    def kept_under(self, value: Fraction) -> bool:
        """True when the value is not over the upper end."""
        return (self.at_most is None or value <= self.at_most) and (
            self.below is None or value < self.below
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """One number within limits, or one fact that is as `said`."""

    of: str
    limits: Limits = Limits()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a threshold was read. `verified`: in that text itself, by us."""

    text: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """Met when every condition is (`joined` "and"), or when any is ("or")."""

    conditions: tuple[Condition, ...]
    joined: str
    source: Source


@dataclass(frozen=True, slots=True)
class System:
    """A classification or score with its criteria, in the order they are printed."""

    id: str
    name: str
    full_name: str
    criteria: tuple[Criterion, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Systems:
    """Everything classification.toml says."""

    version: str
    systems: tuple[System, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Systems:
        """Build from the file's content; UnusableSettings for anything not known."""
        try:
            sources = {
                key: Source(entry["text"], bool(entry["verified"]))
                for key, entry in data["sources"].items()
            }
            return cls(
                data["version"],
                tuple(_system(entry, sources) for entry in data["systems"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UnusableSettings(
                f"The classification file lacks or does not know {error}.",
                "Correct classification.toml, or restore it from the program's folder.",
            ) from error


def _system(entry: Mapping[str, Any], sources: Mapping[str, Source]) -> System:
    return System(
        id=entry["id"],
        name=entry["name"],
        full_name=entry["full_name"],
        criteria=tuple(_criterion(c, sources) for c in entry["criteria"]),
        notes=tuple(entry.get("notes", ())),
    )


def _criterion(entry: Mapping[str, Any], sources: Mapping[str, Source]) -> Criterion:
    joined = "and" if "all" in entry else "or"
    conditions = entry["all"] if joined == "and" else entry["any"]
    return Criterion(
        conditions=tuple(_condition(c) for c in conditions),
        joined=joined,
        source=sources[entry["source"]],
    )


def _condition(entry: Mapping[str, Any]) -> Condition:
    unknown = set(entry) - {"of", "said", *_LIMITS}
    of, said = entry["of"], entry.get("said", "")
    fact = _TYPED.get(of)
    if fact is None and of != MARROW_BLASTS and of not in DYSPLASIA:
        raise KeyError(of)
    # Through the decimal text, so that 0.8 is exactly 4/5.
    limits = Limits(**{k: Fraction(str(entry[k])) for k in _LIMITS if k in entry})
    chosen = fact is not None and fact.kind is FactKind.CHOICE
    known = said in fact.choices if fact and chosen else bool(limits.ends) and not said
    if unknown or not known:
        raise ValueError(", ".join(unknown) or f"what {of} shall be")
    return Condition(of, limits, said)
