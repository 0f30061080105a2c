"""How case_v1.marrow was made, once, by the first version of the program.

Kept for the record: never run again, because the file stands for cases out there.
"""

from __future__ import annotations

from pathlib import Path

from marrowscope.domain.review import Verdict
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import begun, call, cells_at

AT = "2026-11-21T05:00:00.000+00:00"


def main(path: Path) -> None:
    with CaseFile.create(path, name="Golden 黄金") as case:
        run = begun(case, fields=4)
        case.add_field(run, 0, cells_at([(0, 5), (70, 5)]))
        case.add_field(run, 1, cells_at([(500, 5), (570, 5)]))
        case.add_failed_field(run, 2, "The tile could not be decoded.")
        lines = ("proerythroblast",)
        call(
            case,
            [
                Verdict(1, lines, False, "Dr. Ørsted", AT),
                Verdict(2, lines, True, "Dr. Ørsted", AT, {"e_budding": 1}),
            ],
        )
        case.set_specimen({"site": "posterior iliac crest"}, "Dr. Ørsted", AT)


if __name__ == "__main__":
    main(Path(__file__).with_name("case_v1.marrow"))
