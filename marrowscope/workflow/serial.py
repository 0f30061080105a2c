"""Compare a case with the same patient's earlier one, by confirmed cells alone."""

from __future__ import annotations

from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.serial import Comparison, CountRead, Marrow, compare
from marrowscope.report.serial import SerialPart, serial_part
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.counting import calls_counted
from marrowscope.workflow.formal_count import CellsOfCase, state_of
from marrowscope.workflow.opening import OpenedCase, open_stored
from marrowscope.workflow.regions import counted_in_case
from marrowscope.workflow.reviewing import now
from marrowscope.workflow.slide_names import slide_names


def compare_with(case: OpenedCase, earlier: Path) -> Comparison:
    """Hold a case against an earlier one, whose file is only read.

    Raises UnusableCase for a file that is no case, and MarrowScopeError where it is
    this case itself or nobody has called a cell of it.
    """
    if earlier.exists() and earlier.samefile(case.file.path):
        raise MarrowScopeError(
            "This is the case itself, not an earlier one.",
            "Choose the file of the patient's earlier marrow.",
        )
    opened = open_stored(earlier)
    try:
        then = marrow_of(opened.file)
    finally:
        opened.close()
    if not then.last_call:
        raise MarrowScopeError(
            f"No cell of {then.name} has been confirmed by a reader.",
            "Suggestions are not compared: read the earlier marrow first.",
        )
    return comparison(then, marrow_of(case.file))


def kept_comparison(file: CaseFile) -> Comparison | None:
    """With the marrow that a reader put into the report; None: with none."""
    then = file.earlier_marrow()
    return comparison(then, marrow_of(file)) if then else None


def keep_comparison(file: CaseFile, then: Marrow | None, *, reader: str) -> None:
    """Report this comparison from now on, whatever becomes of the earlier file.

    None takes it out of the report. Raises SignedCase for a signed case.
    """
    file.compare_with(then, who=reader, at=now())


def comparison(then: Marrow, now: Marrow) -> Comparison:
    """Both counted by the definitions in force."""
    lines = compare(then, now, places.load_taxonomy(), places.load_criteria())
    return Comparison(then, now, lines)


def told(found: Comparison) -> SerialPart:
    """A comparison in words."""
    return serial_part(found, places.load_taxonomy(), places.load_criteria())


def marrow_of(file: CaseFile) -> Marrow:
    """A case as a comparison sees it."""
    cells, formal = CellsOfCase.of(file), file.formal_count()
    vocabulary, verdicts = cells.vocabulary, cells.verdicts
    counted = counted_in_case(file, cells.table, vocabulary) if vocabulary else None
    taxonomy = places.load_taxonomy()
    calls = calls_counted(
        cells.table, verdicts, taxonomy, counted=counted, formal=formal
    )
    names = slide_names(file.slides())
    signed = file.signing().signed
    models = [run.provenance.model for run in file.counted_runs()]
    state = None if formal is None else state_of(file, formal, cells)
    return Marrow(
        name=file.name,
        calls=calls,
        words=file.specimen(),
        formal=state and CountRead(state.counted, state.target),
        models=tuple(sorted({f"{m.name} {m.version}" for m in models})),
        definitions=file.definitions(),
        slides={s.identity.content: names[s.number] for s in file.slides()},
        last_call=max((v.at for v in verdicts.values()), default=""),
        signed_by=signed.name if signed else "",
    )
