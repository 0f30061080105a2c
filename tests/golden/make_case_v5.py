"""How case_v5.marrow was made, once, by the first version that sought megakaryocytes.

Kept for the record: never run again, because the file stands for cases out there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from marrowscope.imaging.counting_zone.zone_map import ZoneMap
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import begun, cells_at

ZONES = np.array([[0, 1, 2], [3, 4, 5]], np.uint8)
QUALITY = np.array([[0, 51, 102], [153, 204, 255]], np.uint8)


def main(path: Path) -> None:
    with CaseFile.create(path, name="Golden 黄金 5") as case:
        run = begun(case)
        case.add_field(run, 0, cells_at([(0, 5), (70, 5)]))
        case.set_zone_map(run.slide, ZoneMap(256.0, ZONES, QUALITY))
        case.add_sought(run, cells_at([(900, 900), (2000, 40)], size=240))
        case.finish_search(run, candidates=7, failed=1)


if __name__ == "__main__":
    main(Path(__file__).with_name("case_v5.marrow"))
