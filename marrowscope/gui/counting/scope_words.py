"""What the counter beside the microscope says, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from marrowscope.domain.differential import ConfirmedDifferential
from marrowscope.domain.dysplasia import ConfirmedDysplasia
from marrowscope.domain.dysplasia_features import WHOLE_CELL, DysplasiaFeatures
from marrowscope.domain.review import Verdict
from marrowscope.domain.statistics import percent_text
from marrowscope.domain.taxonomy import Taxonomy

BESIDE = "This case has a formal count: what is keyed here is in no percentage of it."


def origin_text(counted: ConfirmedDifferential, *, formal: bool) -> str:
    """Where the cells of a mixed count come from; "" where all were keyed.

    `formal`: a count was drawn on pictures, whose cells alone are the differential.
    """
    if formal:
        return BESIDE
    seen = counted.total - counted.keyed
    return f"{counted.keyed:,} keyed, {seen:,} on pictures" if seen else ""


def last_text(
    verdict: Verdict | None, taxonomy: Taxonomy, known: DysplasiaFeatures
) -> tuple[str, str]:
    """The cell counted last: its class, and what was said of it."""
    if verdict is None:
        return "No cell counted yet", "Press the key of a class."
    return taxonomy.name_of(verdict.lines), ", ".join(_said(verdict, known))


def _said(verdict: Verdict, known: DysplasiaFeatures) -> Iterator[str]:
    if verdict.dysplastic is not None:
        yield "dysplastic" if verdict.dysplastic else "not dysplastic"
    for feature, grade in verdict.grades.items():
        if feature == WHOLE_CELL:
            yield f"grade {grade}"
        else:
            yield f"{known.name_of(feature).lower()} {grade}"


def lineage_rows(
    lineages: Iterable[ConfirmedDysplasia], threshold: Fraction
) -> Iterator[tuple[str, str, str]]:
    """Lineage, cells judged of those needed, dysplastic ones."""
    for one in lineages:
        share, needed = one.share, one.criterion.minimum_cells
        percent = ""
        if share.fraction is not None:
            told = percent_text(share, (threshold,))
            percent = f"{share.count} dysplastic, {told} %"
        yield one.lineage, f"{share.total:,} of {needed}", percent
