"""What stands on each key: the class and its count, or the features by lineage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from marrowscope.domain.differential import ConfirmedDifferential
from marrowscope.domain.dysplasia_features import DysplasiaFeatures
from marrowscope.domain.key_map import KeyMap, lines_of
from marrowscope.domain.statistics import Share, percent_text
from marrowscope.domain.taxonomy import Taxonomy
from marrowscope.gui.counting.marks import Marks


@dataclass(frozen=True, slots=True)
class FeatureLine:
    """One feature of a key, its grade; `faint`: not of the lineage in hand."""

    short: str
    name: str
    lineage: str
    grade: int = 0
    faint: bool = False


@dataclass(frozen=True, slots=True)
class KeyCap:
    """A key as it is painted; a key without class and features says nothing.

    `count` and `percent` are empty while they are not shown.
    """

    key: str
    short: str = ""
    name: str = ""
    lineage: str = ""
    count: str = ""
    percent: str = ""
    features: tuple[FeatureLine, ...] = ()

    @property
    def hint(self) -> str:
        """Its names in full."""
        if self.features:
            return "\n".join(f"{f.name} ({f.lineage})" for f in self.features)
        return self.name


def class_caps(
    key_map: KeyMap,
    taxonomy: Taxonomy,
    counted: ConfirmedDifferential | None,
    *,
    blast_marks: tuple[Fraction, ...] = (),
) -> dict[str, KeyCap]:
    """The keys of classes; with numbers where something is counted.

    `blast_marks`: thresholds that no rounding of the blasts may cross.
    """
    shares = {} if counted is None else _shares(counted)
    found = {}
    for key, target in key_map.classes.items():
        lines = lines_of(target, taxonomy)
        if lines is None:
            continue
        share = shares.get(lines, Share(0, 0))
        lineage = taxonomy.lineage_of(lines)
        told = share.total > 0 and taxonomy.counted(lines)
        near = blast_marks if lineage == "blast" else ()
        found[key] = KeyCap(
            key,
            taxonomy.line(lines[0]).short if len(lines) == 1 else _series(target),
            taxonomy.name_of(lines),
            lineage,
            count="" if counted is None else f"{share.count}",
            percent=f"{percent_text(share, near)} %" if told else "",
        )
    return found


def _series(target: str) -> str:
    return target.replace("_", " ").capitalize()


def _shares(counted: ConfirmedDifferential) -> dict[tuple[str, ...], Share]:
    rows = (*counted.rows, *counted.series, *counted.outside)
    return {row.lines: row.share for row in rows}


def feature_caps(
    key_map: KeyMap, known: DysplasiaFeatures, *, lineage: str = "", marks: Marks
) -> dict[str, KeyCap]:
    """The keys of features, lit by the lineage of the cell in hand where known."""
    found = {}
    for key, some in key_map.features.items():
        named = [known.feature(one) for one in some]
        lines = tuple(
            FeatureLine(
                one.short,
                one.name,
                one.lineage,
                _grade(marks.features, key, one.lineage, lineage),
                faint=lineage not in ("", one.lineage),
            )
            for one in named
        )
        found[key] = KeyCap(key, features=lines)
    return found


def _grade(pressed: Mapping[str, int], key: str, own: str, lineage: str) -> int:
    return pressed.get(key, 0) if lineage in ("", own) else 0
