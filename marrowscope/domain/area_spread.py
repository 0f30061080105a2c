"""What other fields of the same zone would have given: shares resampled by field.

Cells of one field resemble one another, so that a share varies more from field to field
than single cells drawn anywhere would. The fields that cells were counted in are drawn
again with replacement, whole, many times over. This covers the choice of fields within
the zone that was read, never the choice of the zone itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.counted import centres
from marrowscope.domain.criteria import Criteria, Denominator
from marrowscope.domain.dysplasia import assessed
from marrowscope.domain.geometry import Boxes
from marrowscope.domain.review import Verdict
from marrowscope.domain.statistics import Interval
from marrowscope.domain.taxonomy import Taxonomy

FEWEST_FIELDS = 10  # with fewer, drawing them again says too little
ROUNDS = 2000
_SEED = 13
_AT_ONCE = 512  # cells compared with all fields of a slide


@dataclass(frozen=True, slots=True)
class AreaSpread:
    """A reported line over `fields` that hold counted cells of it.

    `line`: a lineage, or "blast". `interval`: where the middle 95 % of the resampled
    shares lie (Efron & Tibshirani 1993, chapter 13), 0 to 1.
    """

    line: str
    fields: int
    interval: Interval


def fields_of(
    slides: NDArray[np.integer], boxes: Boxes, fields: Mapping[int, Boxes]
) -> NDArray[np.int64]:
    """(N,) the field each cell lies in, numbered through all slides; -1 without one.

    `slides` (N,), `boxes` (N, 4) of the cells; `fields` (F, 4) by slide. Fields overlap
    at their margins: the one whose middle is nearest counts.
    """
    found = np.full(len(slides), -1, np.int64)
    points, first = centres(boxes), 0
    for slide, places in sorted(fields.items()):
        rows = np.flatnonzero(slides == slide)
        middles = centres(places)
        for start in range(0, len(rows) if len(middles) else 0, _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            away = ((points[some, None] - middles[None]) ** 2).sum(axis=2)
            found[some] = first + away.argmin(axis=1)
        first += len(middles)
    return found


def area_spread(
    line: str, part: NDArray[np.bool_], field: NDArray[np.integer]
) -> AreaSpread | None:
    """The spread of a share whose cells (N,) are part of it or not, by their fields.

    None with too few fields, or where all are alike: what no field shows, drawing them
    again cannot show either.
    """
    _, place = np.unique(field, return_inverse=True)
    whole = np.bincount(place)
    if len(whole) < FEWEST_FIELDS:
        return None
    parts = np.bincount(place, part.astype(np.float64), len(whole))
    chance = np.full(len(whole), 1 / len(whole))
    drawn = np.random.default_rng(_SEED).multinomial(len(whole), chance, ROUNDS)
    shares = (drawn @ parts) / (drawn @ whole)
    low, high = (float(limit) for limit in np.percentile(shares, (2.5, 97.5)))
    if high - low < 1e-9:
        return None
    return AreaSpread(line, len(whole), Interval(low, high))


def members(
    line: str,
    verdicts: Mapping[int, Verdict],
    counted: Collection[int],
    taxonomy: Taxonomy,
    criteria: Criteria,
    *,
    unassessable: Collection[str] = (),
) -> dict[int, bool]:
    """Of the counted cells, those a line divides by: whether each is part of it.

    `unassessable`: features that the specimen does not show.
    """
    calls = [(c, v) for c, v in verdicts.items() if c in counted]
    if line != "blast":
        lines = set(criteria.lineage(line).lines)
        own = [(c, v) for c, v in calls if lines.issuperset(v.lines)]
        judged = {c: assessed(v.dysplastic, v.grades, unassessable) for c, v in own}
        return {cell: said for cell, said in judged.items() if said is not None}
    blasts, of = set(criteria.blast_lines), criteria.blast_denominator
    return {
        cell: blasts.issuperset(v.lines)
        for cell, v in calls
        if taxonomy.counted(v.lines)
        and (
            of is Denominator.ALL_NUCLEATED
            or taxonomy.lineage_of(v.lines) != "erythroid"
        )
    }
