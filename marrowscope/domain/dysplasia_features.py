"""Named features of dysplasia that a reader can give a cell, whatever model read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marrowscope.domain.errors import UnusableSettings
from marrowscope.domain.taxonomy import LINEAGES

# A grade of the whole cell, given without naming a feature.
WHOLE_CELL = "whole_cell"
GRADES = (0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class NamedFeature:
    """`short` stands on a key; `lineage`: of the cells that can have it."""

    id: str
    name: str
    short: str
    lineage: str


@dataclass(frozen=True)
class DysplasiaFeatures:
    """All of them, in the order they are offered in."""

    version: str
    features: tuple[NamedFeature, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> DysplasiaFeatures:
        """Build from the content of dysplasia_features.toml.

        Raises UnusableSettings when an entry is incomplete, repeats, or is of an
        unknown lineage.
        """
        try:
            found = tuple(NamedFeature(**entry) for entry in data["features"])
            known = cls(str(data["version"]), found)
        except (KeyError, TypeError) as error:
            raise UnusableSettings(
                f"The list of dysplasia features is incomplete ({error}).",
                "Restore dysplasia_features.toml from the program's folder.",
            ) from error
        ids = [one.id for one in found]
        wrong = {i for i in ids if ids.count(i) > 1}
        wrong |= {one.id for one in found if one.lineage not in LINEAGES}
        if wrong:
            raise UnusableSettings(
                "The list of dysplasia features repeats or does not know: "
                f"{', '.join(sorted(wrong))}.",
                "Correct these entries in dysplasia_features.toml.",
            )
        return known

    def __iter__(self) -> Iterator[NamedFeature]:
        return iter(self.features)

    def __contains__(self, feature: object) -> bool:
        return any(one.id == feature for one in self.features)

    def feature(self, feature: str) -> NamedFeature:
        """The feature of that id; KeyError when there is none."""
        for one in self.features:
            if one.id == feature:
                return one
        raise KeyError(feature)

    def name_of(self, feature: str) -> str:
        """As a report calls it; a model's own feature stays as it is called."""
        if feature == WHOLE_CELL:
            return "Grade of the cell"
        return self.feature(feature).name if feature in self else feature
