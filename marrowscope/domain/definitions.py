"""What a laboratory means by its numbers: members, ratios and denominators.

The program's own definitions stand in taxonomy.toml and criteria.toml. A laboratory
writes what it defines otherwise, and nothing else, in its definitions.toml. Whatever is
printed as a formula is made from the members themselves, so it cannot say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from marrowscope.domain.criteria import Criteria, Denominator, RatioDefinition
from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Formula:
    """A definition as it is printed."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """Lines in the differential, members of M:E, blasts and what they are a part of."""

    counted: tuple[str, ...]
    myeloid: tuple[str, ...]
    erythroid: tuple[str, ...]
    blasts: tuple[str, ...]
    blast_denominator: Denominator

    @classmethod
    def of(cls, taxonomy: Taxonomy, criteria: Criteria) -> Definitions:
        """The definitions these two carry."""
        return cls(
            counted=tuple(line.id for line in taxonomy.lines if line.counted),
            myeloid=criteria.myeloid_erythroid.numerator,
            erythroid=criteria.myeloid_erythroid.denominator,
            blasts=criteria.blast_lines,
            blast_denominator=criteria.blast_denominator,
        )

    def changed_by(self, data: Mapping[str, Any], taxonomy: Taxonomy) -> Definitions:
        """These with what a laboratory's definitions.toml says otherwise.

        Raises UnusableSettings for an unknown entry or line, for a line that is no
        nucleated cell, and for a ratio with a cell on both its sides.
        """
        try:
            given = {
                key: self._read(key, value, taxonomy) for key, value in _flat(data)
            }
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _unusable(f"does not know {error}") from error
        changed = replace(self, **given)
        changed.check(taxonomy)
        return changed

    def _read(self, key: str, value: Any, taxonomy: Taxonomy) -> object:
        if key == "blast_denominator":
            return Denominator(value)
        return taxonomy.ordered(value)

    def check(self, taxonomy: Taxonomy) -> None:
        """Raise UnusableSettings for what cannot be counted by."""
        no_cells = [i for i in self.counted if not taxonomy.line(i).cell]
        both = set(self.myeloid) & set(self.erythroid)
        if no_cells:
            raise _unusable(f"counts {', '.join(no_cells)}, which is no nucleated cell")
        if both:
            raise _unusable(f"has {', '.join(sorted(both))} on both sides of M:E")
        if not (self.counted and self.blasts and self.myeloid and self.erythroid):
            raise _unusable("leaves a list empty")

    def applied(
        self, taxonomy: Taxonomy, criteria: Criteria
    ) -> tuple[Taxonomy, Criteria]:
        """Both as these definitions want them."""
        lines = tuple(
            replace(line, counted=line.id in self.counted) for line in taxonomy.lines
        )
        source = criteria.myeloid_erythroid.source
        if (self.myeloid, self.erythroid) != _members(criteria):
            source = "the laboratory's own"
        ratio = RatioDefinition.between(self.myeloid, self.erythroid, source, taxonomy)
        return replace(taxonomy, lines=lines), replace(
            criteria,
            blast_lines=self.blasts,
            blast_denominator=self.blast_denominator,
            myeloid_erythroid=ratio,
        )

    def formulas(self, taxonomy: Taxonomy, criteria: Criteria) -> tuple[Formula, ...]:
        """Every definition in words, in the order a report prints them."""
        cells = [line for line in taxonomy.lines if line.cell]
        beside = [line.name.lower() for line in cells if line.id not in self.counted]
        counted = taxonomy.sum_of(self.counted)
        if beside:
            counted += f"; beside it: {', '.join(beside)}"
        blasts = taxonomy.sum_of(self.blasts)
        if len(self.blasts) > 1:
            blasts = f"({blasts})"
        return (
            Formula("Differential", counted),
            Formula("M : E ratio", criteria.myeloid_erythroid.formula),
            Formula("Blasts", f"{blasts} : {self.blast_denominator.words}"),
        )


def _members(criteria: Criteria) -> tuple[tuple[str, ...], tuple[str, ...]]:
    ratio = criteria.myeloid_erythroid
    return ratio.numerator, ratio.denominator


def _flat(data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """(name of the definition, value) of every entry of the file."""
    return [
        (_KEYS[f"{section}.{key}"], value)
        for section, entries in data.items()
        for key, value in entries.items()
    ]


_KEYS = {
    "differential.lines": "counted",
    "myeloid_erythroid.numerator": "myeloid",
    "myeloid_erythroid.denominator": "erythroid",
    "blasts.lines": "blasts",
    "blasts.denominator": "blast_denominator",
}


def _unusable(what: str) -> UnusableSettings:
    return UnusableSettings(
        f"The laboratory's definitions.toml {what}.",
        "Correct the file, or remove it to count by the program's own definitions.",
    )


def definitions_text(definitions: Definitions) -> str:
    """The content of a definitions.toml with all of these."""
    rows = [
        "# What this laboratory counts; what is left out, the program decides.",
        '# blasts.denominator is "all_nucleated" or "non_erythroid". As formulas:',
        "# marrowscope definitions",
    ]
    sections: dict[str, list[str]] = {}
    for path, name in _KEYS.items():
        section, key = path.split(".")
        entry = f"{key} = {_value(getattr(definitions, name))}"
        sections.setdefault(section, []).append(entry)
    for section, entries in sections.items():
        rows += ["", f"[{section}]", *entries]
    return "\n".join(rows) + "\n"


def _value(said: object) -> str:
    if isinstance(said, Denominator):
        return f'"{said.value}"'
    assert isinstance(said, tuple)
    return "[" + ", ".join(f'"{line}"' for line in said) + "]"
