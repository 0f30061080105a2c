"""A reader's calls: confirm the model's, call otherwise, take a call back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from marrowscope.domain.cells import Cell
from marrowscope.domain.review import Verdict
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.store.case_file import CaseFile

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
    return Verdict(cell_id, tuple(lines), dysplastic, reader, now(), dict(grades or {}))


def record(case: CaseFile, verdicts: Sequence[Verdict]) -> None:
    """Store calls in one step; they are durable when this returns."""
    case.add_verdicts(verdicts)


def withdraw(case: CaseFile, cell_id: int, *, reader: str) -> None:
    """Take the call of one cell back; the journal keeps that it was made."""
    case.withdraw_verdict(cell_id, reader, now())
