"""Thresholds, denominators and adequacy counts: data a laboratory may edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.taxonomy import Taxonomy

DYSPLASIA_LINEAGES = ("erythroid", "granulocytic", "megakaryocytic")


class Denominator(StrEnum):
    """What blasts are a percentage of: the id in the file."""

    ALL_NUCLEATED = "all_nucleated"
    NON_ERYTHROID = "non_erythroid"

    @property
    def words(self) -> str:
        """As it is printed behind "percent of"."""
        if self is Denominator.ALL_NUCLEATED:
            return "all nucleated cells counted"
        return "nucleated cells counted, erythroblasts left out"


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
    """Members of the M:E ratio, and the formula printed beside it, made from them."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    formula: str
    source: str

    @classmethod
    def between(
        cls,
        numerator: Iterable[str],
        denominator: Iterable[str],
        source: str,
        taxonomy: Taxonomy,
    ) -> RatioDefinition:
        """The ratio of these lines; KeyError for a line that is not known."""
        above, below = taxonomy.ordered(numerator), taxonomy.ordered(denominator)
        blasts = any(taxonomy.line(i).lineage == "blast" for i in above)
        out = "" if blasts else ", blasts left out"
        formula = f"({taxonomy.sum_of(above)}{out}) : {taxonomy.sum_of(below)}"
        return cls(above, below, formula, source)


@dataclass(frozen=True, slots=True)
class Criteria:
    """Everything criteria.toml says.

    `dysplasia_threshold` and `blast_marks` are exact fractions (1/10, 1/20 …).
    `blast_minimum`: confirmed cells below which blasts get no verdict.
    """

    version: str
    count_target: int
    count_minimum: int
    dysplasia_threshold: Fraction
    dysplasia: tuple[LineageCriterion, ...]
    blast_lines: tuple[str, ...]
    blast_marks: tuple[Fraction, ...]
    blast_minimum: int
    blast_denominator: Denominator
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
                blast_minimum=int(data["blasts"]["minimum_cells"]),
                blast_denominator=Denominator(data["blasts"]["denominator"]),
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
    return RatioDefinition.between(
        entry["numerator"], entry["denominator"], entry["source"], taxonomy
    )
