"""How case_v3.marrow was made, once, by the first version that measured strangeness.

Kept for the record: never run again, because the file stands for cases out there.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from marrowscope.domain.vocabulary import FineClass, ModelClass, ModelVocabulary
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import SLIDE, cells_at, provenance, strip

CLASSES = (
    ModelClass("GN", "Granulocyte", ("myelocyte", "band"), "granulocytic", False),
    ModelClass("blast", "Blast", ("blast",), "blast", False),
)
FINE = (
    FineClass("early", "Myelocyte", "GN", ("myelocyte",)),
    FineClass("late", "Band", "GN", ("band",)),
    FineClass("blast", "Blast", "blast", ("blast",)),
)
CHANCES = np.array([[0.25, 0.5, 0.25], [0.5, 0.125, 0.375]], np.float32)


def main(path: Path) -> None:
    vocabulary = ModelVocabulary(CLASSES, (), "nothing is graded", FINE)
    table = replace(
        cells_at([(0, 5), (70, 5)]),
        classes=vocabulary.class_ids,
        features=(),
        probabilities=np.stack([CHANCES[:, :2].sum(axis=1), CHANCES[:, 2]], axis=1),
        grades=np.zeros((2, 0), np.float32),
        fine=CHANCES,
        strangeness=np.array([0.5, np.nan], np.float32),
    )
    with CaseFile.create(path, name="Golden 黄金 3") as case:
        slide = case.add_slide(SLIDE, Path("/slides/smear.svs"))
        run = case.begin_run(slide, provenance(), vocabulary, strip(2))
        case.add_field(run, 0, table)


if __name__ == "__main__":
    main(Path(__file__).with_name("case_v3.marrow"))
