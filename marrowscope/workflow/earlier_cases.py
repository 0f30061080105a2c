"""Which cases on this machine may be the patient's earlier marrow, and their cells."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from marrowscope.domain.cell_rows import CellRows
from marrowscope.domain.criteria import Criteria
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Pixels
from marrowscope.domain.serial import Comparison, Part, SerialLine
from marrowscope.domain.typed_facts import read_facts
from marrowscope.imaging.opening import open_slide
from marrowscope.report.pictures import jpeg, pixels
from marrowscope.report.serial_cells import SIDE, side_um
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.cell_pictures import picture_of_row, slides_at_scale
from marrowscope.workflow.formal_count import CellsOfCase
from marrowscope.workflow.opening import (
    CASE_SUFFIX,
    OpenedCase,
    default_case,
    open_stored,
)
from marrowscope.workflow.serial import compare_with, kept_comparison

log = logging.getLogger(__name__)
PER_LINE = 5
Pictures = Mapping[str, tuple[Pixels, ...]]


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case that was read on this machine. `last_call`: UTC, ISO 8601.

    `aspirated`: None where nobody wrote it down.
    """

    path: Path
    name: str
    patient: str
    last_call: str
    number: str = ""
    aspirated: date | None = None

    @property
    def taken(self) -> str:
        """By what cases are put in order: when aspirated, else when last called."""
        return self.aspirated.isoformat() if self.aspirated else self.last_call

    def of_same_patient(self, name: str, number: str) -> bool:
        """By the number where both give one, else by the name."""
        if number and self.number:
            return number == self.number
        return bool(name) and self.patient.casefold() == name.casefold()


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A comparison with pictures (S, S, 3) of a few cells by line, then and now.

    Empty where a slide is not where it was.
    """

    comparison: Comparison
    then: Pictures
    now: Pictures


def known_cases(case: OpenedCase) -> tuple[KnownCase, ...]:
    """Other cases somebody called cells of: the same patient's first, newest first."""
    own = case.file.path.resolve()
    folders = {places.cases_folder(), own.parent}
    paths = {p.resolve() for f in folders for p in f.glob(f"*{CASE_SUFFIX}")} - {own}
    found = [one for one in map(_known, sorted(paths)) if one and one.last_call]
    words = case.file.specimen()
    patient = [words.get(key, "").strip() for key in ("patient", "patient_number")]
    found.sort(key=lambda one: one.taken, reverse=True)
    found.sort(key=lambda one: not one.of_same_patient(*patient))
    return tuple(found)


def _known(path: Path) -> KnownCase | None:
    try:
        with CaseFile.open(path, read_only=True) as file:
            words = file.specimen()
            last = max((v.at for v in file.verdicts().values()), default="")
            return KnownCase(
                *(path, file.name, words.get("patient", "").strip(), last),
                number=words.get("patient_number", "").strip(),
                aspirated=read_facts(words)["aspirated"].day,
            )
    except MarrowScopeError as error:
        log.info("a case that cannot be compared with: %s", error.what)
        return None


def case_of(path: Path) -> Path:
    """The case file of what a reader chose: a case file, or a slide of that case.

    Raises UnreadableInput for what is neither, MarrowScopeError for a slide that was
    not read on this machine.
    """
    if path.suffix == CASE_SUFFIX:
        return path
    slide = open_slide(path)
    try:
        case = default_case(slide.identity)
    finally:
        slide.close()
    if not case.exists():
        raise MarrowScopeError(
            f"There is no case of {path.name} on this machine.",
            "Choose the case file, or the slide that was opened first in it.",
        )
    return case


def side_by_side(case: OpenedCase, chosen: Path) -> SideBySide:
    """Compare with the case that `chosen` stands for. Raises as `compare_with` does."""
    earlier = case_of(chosen)
    found = compare_with(case, earlier)
    opened = open_stored(earlier)
    try:
        then = line_pictures(opened, found.lines)
    finally:
        opened.close()
    kept = {line: tuple(map(jpeg, some)) for line, some in then.items() if some}
    pictured = replace(found, then=replace(found.then, pictures=kept))
    return SideBySide(pictured, then, line_pictures(case, found.lines))


def kept_side_by_side(case: OpenedCase, *, pictured: bool = True) -> SideBySide | None:
    """The comparison that stands in the report, with the pictures kept then."""
    found = kept_comparison(case.file)
    if found is None:
        return None
    if not pictured:
        return SideBySide(found, {}, {})
    kept = found.then.pictures.items()
    then = {line: tuple(map(pixels, some)) for line, some in kept}
    return SideBySide(found, then, line_pictures(case, found.lines))


def line_pictures(case: OpenedCase, lines: tuple[SerialLine, ...]) -> Pictures:
    """A few confirmed cells of each line, of those that it counts."""
    file, criteria = case.file, places.load_criteria()
    taxonomy = places.load_taxonomy()
    cells, formal = CellsOfCase.of(file), file.formal_count()
    slides = slides_at_scale(case, file.counted_runs())
    rows, verdicts = CellRows(cells.table.id), cells.verdicts
    drawn = formal.drawn if formal else sorted(verdicts)
    said = [verdicts[cell] for cell in drawn if cell in verdicts]
    said = [verdict for verdict in said if not verdict.chosen]
    found: dict[str, tuple[Pixels, ...]] = {}
    for line in lines:
        members, sick = _members(line, criteria), line.part is Part.DYSPLASIA
        own = [v for v in said if members.issuperset(v.lines)]
        own = [v.cell for v in own if v.dysplastic or not sick][:PER_LINE]
        cut = partial(
            *(picture_of_row, cells.table),
            slides=slides,
            size=SIDE,
            side_um=side_um(line, taxonomy),
        )
        shown = map(cut, rows.of(own))
        found[line.id] = tuple(one for one in shown if one is not None)
    return found


def _members(line: SerialLine, criteria: Criteria) -> frozenset[str]:
    """The lines whose cells are shown; none of a ratio."""
    if line.part is Part.BLASTS:
        return frozenset(criteria.blast_lines)
    if line.part is Part.DIFFERENTIAL:
        return frozenset(line.key.split("/"))
    own = {c.lineage: c.lines for c in criteria.dysplasia}
    return frozenset(own.get(line.key, ()))
