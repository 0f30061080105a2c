"""Confirmed cells of the program's own case files, cut out of their slides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Verdict
from marrowscope.store.case_file import CaseFile
from marrowscope.training.fine_labels import class_of_line
from marrowscope.training.reading.labelled import (
    Label,
    LabelledBox,
    LabelledData,
    LabelledField,
    Problem,
)

NO_CELLS = frozenset({"platelet", "red_cell", "not_a_cell"})
_DYSPLASTIC = {"EN": "ED", "GN": "GD", "MN": "MD"}


def read_case(path: Path) -> LabelledData:
    """Each slide of the case as a boxed field; cells that nobody called are ignored.

    The case is one patient's. A case that cannot be read is a problem.
    """
    fields, problems = [], []
    try:
        with CaseFile.open(path, read_only=True) as case:
            table, verdicts = case.cells(), case.verdicts()
            for slide in case.slides():
                if not slide.path.exists():
                    what = f"Its slide {slide.identity.name} is not where it was."
                    problems.append(Problem(path, what))
                    continue
                boxes = _called(table, verdicts, slide.number)
                fields.append(
                    LabelledField(
                        slide.path,
                        boxes,
                        path.stem,
                        patient=path.stem,
                        mpp=slide.identity.mpp,
                    )
                )
    except MarrowScopeError as error:
        problems.append(Problem(path, error.what))
    return LabelledData(fields=tuple(fields), problems=tuple(problems))


def _called(
    table: CellTable, verdicts: Mapping[int, Verdict], slide: int
) -> tuple[LabelledBox, ...]:
    rows = [i for i in range(len(table)) if int(table.slide[i]) == slide]
    return tuple(
        _box_of(table.cell(row).box, verdicts.get(int(table.id[row]))) for row in rows
    )


def _box_of(box: Box, verdict: Verdict | None) -> LabelledBox:
    """A cell as its reader called it; one that nobody called is neither cell nor none,
    as a detector would else learn to pass it over."""
    if verdict is None:
        return LabelledBox(box, Label("not called"), ignored=True)
    of_interest = not set(verdict.lines) & NO_CELLS
    return LabelledBox(box, label_of(verdict), of_interest=of_interest)


def label_of(verdict: Verdict) -> Label:
    """What a person's call is called in training."""
    line = verdict.lines[0] if len(verdict.lines) == 1 else None
    votes = Counter(
        "MN" if name == "megakaryocyte" else class_of_line(name)
        for name in verdict.lines
    )
    class_id = next(iter(votes)) if len(votes) == 1 else None
    if verdict.dysplastic and class_id in _DYSPLASTIC:
        class_id = _DYSPLASTIC[class_id]
    grades = {name: float(grade) for name, grade in verdict.grades.items()}
    return Label("/".join(verdict.lines), line, class_id, grades)
