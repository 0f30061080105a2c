"""How long the case file takes: `python -m benchmarks.case_file [CELLS]`.

The promise: 100,000 cells to a table in under half a second, 555,052 in a few seconds.
A single verdict is on the disk within twice (median) and five times (95th percentile)
the time of one 4 KiB append with fdatasync beside it, taken in turns; 10,000 cells are
called anew in one step in under a second.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import FileIO
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
from marrowscope.workflow.reviewing import calling

FIELD = 500  # cells in a field
ROUNDS = 400  # single verdicts
MANY = 10_000  # cells called in one step
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
        fine=np.zeros((count, 0), np.float32),
        strangeness=np.full(count, np.nan, np.float32),
        sought=np.zeros(count, np.bool_),
        drawn=np.zeros(count, np.bool_),
        outline=tuple(chance.random((40, 2), np.float32) for _ in range(count)),
    )


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what:32} {time.perf_counter() - began:7.3f} s")


def _edits(case: CaseFile, beside: Path) -> None:
    """Single verdicts and appends in turns, then many cells in one step."""
    edits, appends = [], []
    with beside.open("wb", buffering=0) as file:
        for number in range(ROUNDS):
            verdict = Verdict(number % 1000 + 1, ("band",), None, "A", "t")
            edits.append(_seconds(lambda v=verdict: case.edit(calling([v], name="1"))))
            appends.append(_seconds(lambda: _append(file)))
    for share, promise in ((50, 2), (95, 5)):
        edit, append = np.percentile(edits, share), np.percentile(appends, share)
        what = f"one verdict / append, {share} %"
        print(
            f"{what:32} {edit / append:7.2f} x  (promised {promise} x; "
            f"{1e3 * edit:.2f} ms to {1e3 * append:.2f} ms)"
        )
    many = [Verdict(i + 1, ("blast",), None, "A", "t") for i in range(MANY)]
    for what, deed in (
        (
            f"call {MANY:,} cells in one step",
            lambda: case.edit(calling(many, name="m")),
        ),
        ("undo it", lambda: case.undo("A")),
        ("do it again", lambda: case.redo("A")),
        (f"read {MANY:,} verdicts", case.verdicts),
    ):
        with timed(what):
            deed()


def _seconds(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _append(file: FileIO) -> None:
    file.write(bytes(4096))
    os.fdatasync(file.fileno())


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
            _edits(case, Path(folder) / "append")
            with timed("store 500 verdicts at once"):
                case.edit(Edit("500 cells", "A", "t", verdicts=tuple(calls)))
            with timed("store one verdict"):
                case.edit(Edit("1 cell", "A", "t", verdicts=tuple(calls[:1])))
            with timed("read 500 verdicts"):
                case.verdicts()
        print(f"{'size':32} {path.stat().st_size / 1e6:7.1f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
