"""How case_v8.marrow was made, once, by the first version that drew formal counts.

Kept for the record: never run again, because the file stands for cases out there.
"""

from __future__ import annotations

from pathlib import Path

from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Edit, MissedCell, Verdict
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import begun, cells_at

AT, WHO = "2026-11-21T15:00:00.000+00:00", "Dr. Ørsted"


def main(path: Path) -> None:
    with CaseFile.create(path, name="Golden 黄金 8") as case:
        case.add_field(begun(case), 0, cells_at([(0, 5), (70, 5), (140, 5)]))
        said = tuple(Verdict(c, ("blast",), None, WHO, AT) for c in (1, 2))
        missed = MissedCell(1, Box(300, 5, 40, 50), ("band",))
        case.edit(Edit("2 cells to blast", WHO, AT, verdicts=said))
        case.edit(Edit("call of 1 cell taken back", WHO, AT, withdrawn=(2,)))
        case.edit(Edit("split", WHO, AT, boxes={3: None}, missed=(missed,)))
        case.edit(Edit("1 box redrawn", WHO, AT, boxes={1: Box(0, 0, 70, 70)}))
        case.undo(WHO, at=AT)
        case.fix_count(FormalCount(2, 12345678901234567890, WHO, AT))
        case.draw_cells({1: [2, 4]}, {"erythroid": [1]}, who=WHO)


if __name__ == "__main__":
    main(Path(__file__).with_name("case_v8.marrow"))
