"""A process that edits a case until it is killed: `python -m tests.store.editor CASE`.

Prints every edit that it was told is stored, and every undo.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Edit, MissedCell, Verdict
from marrowscope.store.case_file import CaseFile

EDITS, READER = 200, "A"


def main(path: Path) -> None:
    chance = random.Random(path.stat().st_size)
    with CaseFile.open(path) as case:
        for _ in range(EDITS):
            number = len(case.journal())
            name, at = f"edit {number}", f"{number:06}"
            cell = chance.randint(1, 300)
            said = Verdict(cell, ("blast",), None, READER, at)
            missed = MissedCell(1, Box(cell, 900, 20, 20), ("band",))
            step = case.edit(
                chance.choice(
                    [
                        Edit(name, READER, at, verdicts=(said,)),
                        Edit(name, READER, at, boxes={cell: None}, missed=(missed,)),
                    ]
                )
            )
            print(step.number, flush=True)
            if chance.random() < 0.2 and (back := case.undo(READER)):
                print(back.number, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
