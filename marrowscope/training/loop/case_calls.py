"""Decisions about cells of case files, written into them as their reader's calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from marrowscope.domain.review import Verdict
from marrowscope.store.case_file import CaseFile
from marrowscope.training.datasets.real_cells import class_of
from marrowscope.training.fine_labels import FINE
from marrowscope.training.labels import DYSPLASTIC_CLASSES, NORMAL_CLASSES
from marrowscope.training.loop.cells import LoopCell
from marrowscope.training.loop.decisions import NEW, UNTOLD, Decision
from marrowscope.training.reading.labelled import Label
from marrowscope.workflow.reviewing import CANNOT_CLASSIFY, called, record

_OTHER = ("other_nucleated",)


def record_in_cases(decisions: Sequence[Decision], cells: Sequence[LoopCell]) -> None:
    """Call the decided cells in their cases; each case's own journal notes it.

    A label that is kept is left as its reader called it. Raises UnusableCase when a
    case cannot be written, because a window has it open, say.
    """
    by_key = {cell.key: cell for cell in cells if cell.case is not None}
    calls: dict[Path, list[Verdict]] = defaultdict(list)
    for one in decisions:
        cell = by_key.get(one.cell)
        if cell is None or cell.case is None or one.choice not in (NEW, UNTOLD):
            continue
        calls[cell.case].append(verdict_of(one, cell))
    for path, verdicts in calls.items():
        with CaseFile.open(path) as case:
            record(case, verdicts)


def verdict_of(decision: Decision, cell: LoopCell) -> Verdict:
    """The call of a cell that says the same as a decision."""
    number = -1 if cell.number is None else cell.number
    if decision.label is None:
        return called(number, CANNOT_CLASSIFY, reader=decision.reader)
    class_id = class_of(decision.label)
    judged = class_id in (*DYSPLASTIC_CLASSES, *NORMAL_CLASSES)
    return called(
        number,
        lines_of(decision.label),
        reader=decision.reader,
        dysplastic=class_id in DYSPLASTIC_CLASSES if judged else None,
    )


def lines_of(label: Label) -> tuple[str, ...]:
    """The taxonomy lines a label covers: its own, or all of its class."""
    if label.line is not None:
        return (label.line,)
    class_id = class_of(label)
    if class_id == "other":
        return _OTHER
    lines = [line for one in FINE if one.class_id == class_id for line in one.lines]
    return tuple(dict.fromkeys(lines))
