"""A second reader: blind to the first and to the model, compared, then adjudicated."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.formal_count import random_order
from marrowscope.domain.review import Edit, Step, Verdict, is_keyed
from marrowscope.domain.second_reading import (
    Disagreement,
    SecondReading,
    disagreements,
)
from marrowscope.domain.statistics import Share
from marrowscope.domain.taxonomy import LINEAGES, Taxonomy
from marrowscope.evaluation.agreement import Kappa, evaluate_agreement
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.reviewing import now

FORMAL, CALLED = "cells of the formal count", "cells called by the first reader"
_STREAM = 0


@dataclass(frozen=True, slots=True)
class LineageAgreement:
    """Of the cells that the first reader put in a lineage, how many the second did."""

    lineage: str
    share: Share


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far a second reading is, and how it stands to the first.

    `lines`, `lineages`, `dysplasia`: kappa over the cells both called in such words,
    None where there are none. `grades`: over each cell's highest grade, with linear
    weights. These and `differing` are of the first reader's calls before any answer of
    the second; `open_`: disagreements of those in force that nobody has settled yet.
    """

    reading: SecondReading
    called: int
    lines: Kappa | None
    lineages: Kappa | None
    dysplasia: Kappa | None
    grades: Kappa | None
    by_lineage: tuple[LineageAgreement, ...]
    differing: int
    open_: tuple[Disagreement, ...]

    @property
    def complete(self) -> bool:
        """True when the second reader has called every cell."""
        return self.called == len(self.reading.cells)


def begin_second_reading(
    file: CaseFile, *, reader: str, sample: int | None = None, seed: int | None = None
) -> SecondReading:
    """Draw cells for a second reader, in random order; the seed is kept.

    Of the formal count where there is one, else of all that was called; `sample`: so
    many of them, by default all. Raises MarrowScopeError where nothing was called, or
    for somebody who has called cells of this case before.
    """
    verdicts = file.verdicts()
    named = reader.strip()
    readers = {_same(reader) for reader in file.verdicts_by_reader()}
    if not named or _same(named) in readers:
        raise MarrowScopeError(
            f"{named or 'Nobody'} cannot be the second reader of this case.",
            "Give the name of somebody who has called none of its cells.",
        )
    count = file.formal_count()
    drawn = verdicts if count is None else count.drawn
    pool = [c for c in drawn if c in verdicts and not is_keyed(c)]
    if not pool:
        raise MarrowScopeError(
            "No cell of this case has been called yet.", "Read it first."
        )
    chosen = secrets.randbits(32) if seed is None else seed
    cells = tuple(random_order(pool, chosen, _STREAM)[:sample].tolist())
    of = CALLED if count is None else FORMAL
    reading = SecondReading(0, named, chosen, f"{len(pool)} {of}", now(), cells)
    return file.begin_second_reading(reading)


def _same(name: str) -> str:
    """A name as it is compared: "Dr MÜLLER" is "Dr  Müller", however typed."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def compare_readings(file: CaseFile, reading: SecondReading) -> Comparison:
    """The second reading against the calls of the first reader.

    Agreement is that of the calls as they stood when the second reader gave the first
    answer: whatever was called anew since may know the answers. What is open is what
    the calls now in force leave open.
    """
    taxonomy = places.load_taxonomy()
    first, standing = file.verdicts(before=reading.number), file.verdicts()
    second = file.verdicts(reading=reading.number)
    cells = [c for c in reading.cells if c in first and c in second]
    pairs = [(first[c], second[c]) for c in cells]
    settled = file.settled(reading.number)
    left = disagreements(reading.cells, standing, second)
    lineages = [_lineages(pair, taxonomy) for pair in pairs]
    return Comparison(
        reading=reading,
        called=sum(c in second for c in reading.cells),
        lines=_kappa([("/".join(a.lines), "/".join(b.lines)) for a, b in pairs]),
        lineages=_kappa(lineages),
        dysplasia=_kappa([(_judged(a), _judged(b)) for a, b in pairs]),
        grades=_kappa([(_grade(a), _grade(b)) for a, b in pairs]),
        by_lineage=tuple(_by_lineage(lineages)),
        differing=len(disagreements(cells, first, second)),
        open_=tuple(one for one in left if one.cell not in settled),
    )


def adjudicate(
    file: CaseFile,
    reading: SecondReading,
    one: Disagreement,
    verdict: Verdict,
) -> Step:
    """Put the outcome in force; it can be undone, and the journal tells of it."""
    return file.edit(outcome(reading, one, verdict))


def outcome(reading: SecondReading, one: Disagreement, verdict: Verdict) -> Edit:
    """The step that settles a disagreement with this call.

    The cell was found as the first reader found it, whoever's call it is now.
    """
    said = replace(verdict, origin=one.first.origin)
    name = f"cell {one.cell} adjudicated"
    return Edit(name, said.reader, said.at, (said,), settles=reading.number)


def otherwise(
    one: Disagreement, lines: tuple[str, ...], *, reader: str, criteria: Criteria
) -> Verdict:
    """A call that neither made; of dysplasia it says what both readers said."""
    both = {one.first.dysplastic, one.second.dysplastic}
    judged = both.pop() if len(both) == 1 else None
    within = any(set(lines) <= set(c.lines) for c in criteria.dysplasia)
    return Verdict(one.cell, lines, judged if within else None, reader, now())


def agreed(chosen: Verdict, *, reader: str) -> Verdict:
    """The call of one of the readers as the outcome, put in force by `reader`."""
    said = (chosen.cell, chosen.lines, chosen.dysplastic)
    return Verdict(*said, reader, now(), dict(chosen.grades))


def _kappa(pairs: Sequence[tuple[str, str]]) -> Kappa | None:
    if not pairs:
        return None
    first, second = zip(*pairs, strict=True)
    report = evaluate_agreement({"first": first, "second": second})
    return report.pairs[0] if report.pairs else None


def _judged(verdict: Verdict) -> str:
    return {None: "", True: "dysplastic", False: "not"}[verdict.dysplastic]


def _grade(verdict: Verdict) -> str:
    """The highest of a cell; 0 where it is not dysplastic, "" where nobody said."""
    if verdict.grades:
        return str(max(verdict.grades.values()))
    return "0" if verdict.dysplastic is False else ""


def _lineages(pair: tuple[Verdict, Verdict], taxonomy: Taxonomy) -> tuple[str, str]:
    one, other = (taxonomy.lineage_of(verdict.lines) for verdict in pair)
    return one, other


def _by_lineage(pairs: Sequence[tuple[str, str]]) -> Iterable[LineageAgreement]:
    for lineage in LINEAGES:
        own = [b for a, b in pairs if a == lineage]
        if own:
            share = Share(sum(b == lineage for b in own), len(own))
            yield LineageAgreement(lineage, share)


def latest_reading(file: CaseFile) -> SecondReading | None:
    """The second reading begun last; None before any."""
    readings = file.second_readings()
    return readings[-1] if readings else None


def calls_by_cell(file: CaseFile, reading: SecondReading) -> Mapping[int, Verdict]:
    """What the second reader has called so far."""
    return file.verdicts(reading=reading.number)
