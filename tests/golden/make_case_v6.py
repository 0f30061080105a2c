"""How case_v6.marrow was made, once, by the first version that knew regions.

Kept for the record: never run again, because the file stands for cases out there.
"""

from __future__ import annotations

from pathlib import Path

from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import Region, RegionKind, outlined, rectangle
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import begun, cells_at

FREE = outlined([(0.5, 0.25), (100, 3), (60, 80.125)])
IDS = [f"00000000-0000-4000-8000-00000000000{i}" for i in (1, 2)]


def main(path: Path) -> None:
    with CaseFile.create(path, name="Golden 黄金 6") as case:
        run = begun(case)
        case.add_field(run, 0, cells_at([(0, 5), (70, 5)]))
        thin = Region(1, "Dünn", RegionKind.INCLUDE, FREE, IDS[0])
        clot = rectangle(Box(5, 5, 20, 20))
        left_out = Region(1, "Clot", RegionKind.EXCLUDE, clot, IDS[1])
        case.change_regions([thin, left_out], who="Dr. Ørsted")


if __name__ == "__main__":
    main(Path(__file__).with_name("case_v6.marrow"))
