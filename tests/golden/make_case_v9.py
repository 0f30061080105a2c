"""How case_v9.marrow was made, once, by the first version that could be signed.

Kept for the record: never run again, because the file stands for cases out there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from marrowscope.domain.provenance import SlideIdentity
from marrowscope.domain.review import Edit, Verdict
from marrowscope.domain.second_reading import SecondReading
from marrowscope.imaging.overlap import Overlap
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import begun, cells_at

AT, WHO = "2026-11-21T21:30:00.000+00:00", "Dr. Ørsted"
LATER = "2026-11-21T21:40:00.000+00:00"
PHOTO = SlideIdentity("sha256:photo", "photo.png", 640, 480, None, "none")
SMEAR = SlideIdentity("sha256:large", "smear.tif", 9000, 8000, 0.25)


def main(path: Path) -> None:
    with CaseFile.create(path, name="Golden 黄金 9") as case:
        case.add_field(begun(case), 0, cells_at([(0, 5), (70, 5), (140, 5)]))
        for slide in (PHOTO, SMEAR):
            case.add_slide(slide, Path("/slides") / slide.name)
        near = Overlap(1, 2, np.eye(2, 3), 0.25, 0.9)
        case.set_photo_overlaps([near], photos=[1, 2])
        said = tuple(Verdict(c, ("blast",), None, WHO, AT) for c in (1, 2))
        case.edit(Edit("2 cells to blast", WHO, AT, verdicts=said))
        reading = SecondReading(0, "Dr. Second", 7, "2 cells", AT, (2, 1))
        number = case.begin_second_reading(reading).number
        other = Verdict(1, ("lymphocyte",), None, "Dr. Second", AT)
        name = "1 cell to lymphocyte"
        case.edit(Edit(name, "Dr. Second", AT, verdicts=(other,), reading=number))
        settled = (Verdict(1, ("monocyte",), None, WHO, LATER),)
        case.edit(Edit("cell 1 adjudicated", WHO, LATER, settled, settles=number))


if __name__ == "__main__":
    main(Path(__file__).with_name("case_v9.marrow"))
