"""How case_v7.marrow was made, by the first version whose edits were steps (d8d7c1b).

Kept for the record: never run again, because the file stands for cases out there.
"""

from __future__ import annotations

from pathlib import Path

from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Edit, MissedCell, Verdict
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import begun, cells_at

AT = "2026-11-21T15:00:00.000+00:00"
FIRST, SECOND = "Dr. Ørsted", "Dr. 李"


def main(path: Path) -> None:
    with CaseFile.create(path, name="Golden 黄金 7") as case:
        case.add_field(begun(case), 0, cells_at([(0, 5), (70, 5), (140, 5)]))
        said = tuple(Verdict(c, ("blast",), None, FIRST, AT) for c in (1, 2))
        missed = MissedCell(1, Box(300, 5, 40, 50), ("band",))
        case.edit(Edit("2 cells to blast", FIRST, AT, verdicts=said))
        case.edit(Edit("call of 1 cell taken back", FIRST, AT, withdrawn=(2,)))
        case.edit(Edit("1 missed cell added", FIRST, AT, missed=(missed,)))
        case.edit(Edit("1 cell removed", SECOND, AT, boxes={3: None}))
        case.edit(Edit("1 box redrawn", FIRST, AT, boxes={1: Box(0, 0, 70, 70)}))
        case.undo(FIRST, at=AT)
        case.undo(FIRST, at=AT)
        case.redo(FIRST, at=AT)


if __name__ == "__main__":
    main(Path(__file__).with_name("case_v7.marrow"))
