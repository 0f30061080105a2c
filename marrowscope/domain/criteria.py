"""Thresholds, denominators and adequacy counts: data a laboratory may edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.taxonomy import Taxonomy

DYSPLASIA_LINEAGES = ("erythroid", "granulocytic", "megakaryocytic")


@dataclass(frozen=True, slots=True)
class LineageCriterion:
    """Who is in a lineage's dysplasia denominator, and how many cells it needs."""

    lineage: str
    lines: tuple[str, ...]
    minimum_cells: int
    denominator: str
    source: str


@dataclass(frozen=True, slots=True)
class RatioDefinition:
    """Members of the M:E ratio and the sentence printed beside it."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    formula: str
    source: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """Everything criteria.toml says.

    `dysplasia_threshold` and `blast_marks` are exact fractions (1/10, 1/20 …).
    """

    version: str
    count_target: int
    count_minimum: int
    dysplasia_threshold: Fraction
    dysplasia: tuple[LineageCriterion, ...]
    blast_lines: tuple[str, ...]
    blast_marks: tuple[Fraction, ...]
    blast_denominator: str
    myeloid_erythroid: RatioDefinition

    @classmethod
    def of(cls, data: Mapping[str, Any], taxonomy: Taxonomy) -> Criteria:
        """Build from the content of criteria.toml.

        Raises UnusableSettings when something is missing or names an unknown line.
        """
        try:
            return cls(
                version=data["version"],
                count_target=int(data["count"]["target"]),
                count_minimum=int(data["count"]["minimum"]),
                dysplasia_threshold=_percent(data["dysplasia"]["threshold_percent"]),
                dysplasia=tuple(
                    _lineage(name, data["dysplasia"][name], taxonomy)
                    for name in DYSPLASIA_LINEAGES
                ),
                blast_lines=taxonomy.ordered(data["blasts"]["lines"]),
                blast_marks=tuple(map(_percent, data["blasts"]["marks_percent"])),
                blast_denominator=data["blasts"]["denominator"],
                myeloid_erythroid=_ratio(data["myeloid_erythroid"], taxonomy),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UnusableSettings(
                f"The criteria file lacks or does not know {error}.",
                "Correct criteria.toml, or restore it from the program's folder.",
            ) from error

    def lineage(self, name: str) -> LineageCriterion:
        """The criterion of one lineage; KeyError when there is none."""
        for criterion in self.dysplasia:
            if criterion.lineage == name:
                return criterion
        raise KeyError(name)


def _percent(value: float | str) -> Fraction:
    # Through the decimal text, so that 0.1 % is exactly 1/1000.
    return Fraction(str(value)) / 100


def _lineage(
    name: str, entry: Mapping[str, Any], taxonomy: Taxonomy
) -> LineageCriterion:
    return LineageCriterion(
        lineage=name,
        lines=taxonomy.ordered(entry["lines"]),
        minimum_cells=int(entry["minimum_cells"]),
        denominator=entry["denominator"],
        source=entry["source"],
    )


def _ratio(entry: Mapping[str, Any], taxonomy: Taxonomy) -> RatioDefinition:
    return RatioDefinition(
        numerator=taxonomy.ordered(entry["numerator"]),
        denominator=taxonomy.ordered(entry["denominator"]),
        formula=entry["formula"],
        source=entry["source"],
    )
