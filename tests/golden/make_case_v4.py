"""How case_v4.marrow was made, once, by the first version that knew places.

Kept for the record: never run again, because the file stands for cases out there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from marrowscope.domain.provenance import SlideIdentity
from marrowscope.imaging.overlap import Overlap
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import VOCABULARY, cells_at, provenance, strip

PHOTOS = [
    SlideIdentity(f"sha256:{i}", f"{i}.png", 640, 480, None, "none") for i in range(2)
]
TRANSFORM = np.array([[1.0, 0.0, -320.0], [0.0, 1.0, 0.5]])


def main(path: Path) -> None:
    with CaseFile.create(path, name="Golden 黄金 4") as case:
        for photo in PHOTOS:
            slide = case.add_slide(photo, Path("/photos") / photo.name)
            run = case.begin_run(slide, provenance(), VOCABULARY, strip(1))
            case.add_field(run, 0, cells_at([(400 - 320 * (slide - 1), 50)]))
        one = Overlap(1, 2, TRANSFORM, 0.5, 0.75)
        case.set_photo_overlaps([one], photos=[1, 2])
        case.set_seen_again({1: 2})
        case.add_slide_copies([(1, "copy of 0.png")])


if __name__ == "__main__":
    main(Path(__file__).with_name("case_v4.marrow"))
