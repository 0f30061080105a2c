"""How long the case file takes: `python -m benchmarks.case_file [CELLS]`.

The promise: 100,000 cells to a table in under half a second, 555,052 in a few seconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Box
from marrowscope.domain.provenance import (
    DeviceUse,
    ModelIdentity,
    Provenance,
    SlideIdentity,
)
from marrowscope.domain.review import Edit, Verdict
from marrowscope.domain.vocabulary import Feature, ModelClass, ModelVocabulary
from marrowscope.store.case_file import CaseFile

FIELD = 500  # cells in a field
VOCABULARY = ModelVocabulary(
    tuple(ModelClass(c, c, ("blast",), "blast", False) for c in "abcdefgh"),
    tuple(Feature(f"f{i}", f"f{i}", "blast") for i in range(12)),
    "",
)


def field_of_cells(count: int) -> CellTable:
    """Cells as a real run stores them: outlines of 40 points, full saliency."""
    chance = np.random.default_rng(1)
    empty = CellTable.empty(VOCABULARY.class_ids, VOCABULARY.feature_ids)
    return replace(
        empty,
        id=np.full(count, -1, np.int64),
        slide=np.ones(count, np.int32),
        box=chance.random((count, 4), np.float32) * 1000,
        probabilities=chance.dirichlet(np.ones(8), count).astype(np.float32),
        grades=chance.random((count, 12), np.float32),
        detection_score=chance.random(count, np.float32),
        cut=chance.random(count) > 0.9,
        saliency=chance.integers(0, 255, (count, 8, 8), np.uint8),
        outline=tuple(chance.random((40, 2), np.float32) for _ in range(count)),
    )


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what:32} {time.perf_counter() - began:7.3f} s")


def main(cells: int) -> None:
    fields = -(-cells // FIELD)
    model = ModelIdentity("m", "1", "lee", "0" * 64)
    provenance = Provenance(model, DeviceUse("cpu", "cpu"), "0", "t")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b.marrow"
        with CaseFile.create(path, name="benchmark") as case:
            slide = case.add_slide(SlideIdentity("c", "s", 1, 1, 0.25), Path("s"))
            boxes = [Box(0, 0, 1, 1)] * fields
            run = case.begin_run(slide, provenance, VOCABULARY, boxes)
            one = field_of_cells(FIELD)
            with timed(f"store {fields} fields of {FIELD}"):
                for number in range(fields):
                    case.add_field(run, number, one)
            for _ in range(3):
                with timed(f"read {fields * FIELD:,} cells"):
                    case.cells()
            calls = [Verdict(i + 1, ("blast",), None, "A", "t") for i in range(500)]
            with timed("store 500 verdicts at once"):
                case.edit(Edit("500 cells", "A", "t", verdicts=tuple(calls)))
            with timed("store one verdict"):
                case.edit(Edit("1 cell", "A", "t", verdicts=tuple(calls[:1])))
            with timed("read 500 verdicts"):
                case.verdicts()
        print(f"{'size':32} {path.stat().st_size / 1e6:7.1f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
