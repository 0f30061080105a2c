"""A reader's calls: confirm the model's, call otherwise, take calls back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from marrowscope.domain.cells import Cell
from marrowscope.domain.review import Edit, Step, Verdict
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.places import load_taxonomy
from marrowscope.workflow.step_names import cells_said, name_of_calls

NOT_A_CELL = ("not_a_cell",)
CANNOT_CLASSIFY = ("unidentifiable",)


def now() -> str:
    """The moment, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def agreeing(cell: Cell, vocabulary: ModelVocabulary, *, reader: str) -> Verdict:
    """The verdict that agrees with the model about a cell: its lines, its dysplasia.

    Lineages the model never calls dysplastic stay unjudged.
    """
    known = vocabulary.of(cell.class_id)
    judged = any(c.dysplastic for c in vocabulary.classes if c.lineage == known.lineage)
    return Verdict(
        cell=cell.id,
        lines=known.lines,
        dysplastic=known.dysplastic if judged else None,
        reader=reader,
        at=now(),
    )


def called(
    cell_id: int,
    lines: Sequence[str],
    *,
    reader: str,
    dysplastic: bool | None = None,
    grades: Mapping[str, int] | None = None,
) -> Verdict:
    """A verdict in the reader's own words."""
    (verdict,) = all_called(
        [cell_id], lines, reader=reader, dysplastic=dysplastic, grades=grades
    )
    return verdict


def all_called(
    cells: Iterable[int],
    lines: Sequence[str],
    *,
    reader: str,
    dysplastic: bool | None = None,
    grades: Mapping[str, int] | None = None,
) -> list[Verdict]:
    """The same verdict of many cells at the same moment."""
    said, at, graded = tuple(lines), now(), dict(grades or {})
    return [Verdict(cell, said, dysplastic, reader, at, graded) for cell in cells]


def record(
    case: CaseFile, verdicts: Iterable[Verdict], *, name: str = ""
) -> tuple[Step, ...]:
    """Store calls, durable when this returns: one step for each reader.

    `name` completes "Undo: …"; without it the calls name themselves. Raises KeyError
    for a cell the case does not have.
    """
    by_reader: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_reader.setdefault(verdict.reader, []).append(verdict)
    return tuple(case.edit(calling(calls, name=name)) for calls in by_reader.values())


def calling(verdicts: Sequence[Verdict], *, name: str = "") -> Edit:
    """One reader's calls as one step."""
    named = name or name_of_calls(verdicts, load_taxonomy())
    return Edit(named, verdicts[0].reader, now(), verdicts=tuple(verdicts))


def withdrawing(cells: Sequence[int], *, reader: str) -> Edit:
    """What this reader said of these cells taken back, as one step."""
    some = cells_said(len(cells))
    name = f"call of {some} taken back"
    return Edit(name, reader, now(), withdrawn=tuple(cells))


def withdraw(case: CaseFile, cells: Sequence[int], *, reader: str) -> Step:
    """Take calls back; the journal keeps that they were made."""
    return case.edit(withdrawing(cells, reader=reader))
