"""A process that stores fields until it is killed or runs out of room.

`python -m tests.store.writer CASE [LIMIT_BYTES]`; prints every field that it was told
is stored.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from marrowscope.domain.errors import UnusableCase
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import begun, cells_at, provenance

FIELDS, CELLS = 1500, 10


def main(path: Path, limit: int | None) -> None:
    case = CaseFile.open(path)
    if any(run.finished for run in case.runs()):
        return
    run = case.unfinished_run(1, provenance().model.sha256) or begun(
        case, fields=FIELDS
    )
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    cells = cells_at([(i * 70.0, 0.0) for i in range(CELLS)])
    for number in sorted(set(range(FIELDS)) - run.done):
        try:
            case.add_field(run, number, cells)
        except UnusableCase as error:
            print("error", error, flush=True)
            return
        print(number, flush=True)
    case.finish_run(run)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
