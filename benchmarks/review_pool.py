"""Cells whose truth is known, read by a model as a run does: drawn once, and kept.

    python -m benchmarks.review_pool draw OUT.npz --first 71022 --fields 38
    python -m benchmarks.review_pool errors POOL.npz ...
    python -m benchmarks.review_pool second POOL.npz ...

`errors` prints the [errors] table of the model's bundle.toml, `second` how often the
second choice of a wrong answer is the truth.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.analysis.events import FieldRead
from marrowscope.analysis.pipeline import analyse
from marrowscope.analysis.plan import ReadingPlan
from marrowscope.domain.cell_table import CellTable, concatenate
from marrowscope.domain.measured_errors import NO_CELL
from marrowscope.evaluation.crops import evaluate_crops
from marrowscope.evaluation.matching import NOBODY, Predictions, match
from marrowscope.evaluation.truth import drawn_smear
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.phantom.plan import MARROW, SmearPlan
from marrowscope.phantom.smear import draw_field
from marrowscope.workflow.models import find_model, open_reader

SIDE, CELLS = 2048, 140  # of a field
RICH = {"blast": 12.0, "megakaryocyte": 8.0}  # so that a pool has some of each class
RICH_DYSPLASIA = {"e": 0.35, "g": 0.35, "m": 0.4}


@dataclass(frozen=True)
class Pool:
    """Cells that a model read: its answers, and the true class and line of each."""

    table: CellTable
    truth: NDArray[np.str_]  # NO_CELL where there is none
    line: NDArray[np.str_]

    def select(self, rows: NDArray[np.intp]) -> Pool:
        return Pool(self.table.select(rows), self.truth[rows], self.line[rows])


def main(argv: Sequence[str] | None = None) -> None:
    """Draw a pool, or print what it says of the model's errors."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("what", choices=("draw", "errors", "second"))
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", default="lee")
    parser.add_argument("--first", type=int, default=71022, help="seed")
    parser.add_argument("--fields", type=int, default=38)
    asked = parser.parse_args(argv)
    if asked.what == "draw":
        keep_pool(asked)
    else:
        pools = [kept_pool(path, asked.model) for path in asked.files]
        told = errors_text if asked.what == "errors" else second_text
        print(told(joined(pools), asked.model))


def keep_pool(asked: argparse.Namespace) -> None:
    """Draw and read fields; about ten seconds each on a free core."""
    reader = open_reader(asked.model)
    tables, truths, lines = [], list[str](), list[str]()
    for seed in range(asked.first, asked.first + asked.fields):
        mix = {**MARROW, **RICH}
        field = draw_field(
            SmearPlan(SIDE, SIDE, CELLS, seed, mix=mix, dysplasia=RICH_DYSPLASIA)
        )
        plan = ReadingPlan(mpp=0.25)
        events = analyse(
            MemorySlide(field.pixels, mpp=0.25), reader, plan, CancellationToken()
        )
        table = concatenate(e.cells for e in events if isinstance(e, FieldRead))
        (truth,) = drawn_smear(json.loads(json.dumps(field.truth)), file="").pictures
        found = match(truth, Predictions(table.box, table.detection_score))
        kept = np.flatnonzero(~found.ignored)
        tables.append(table.select(kept))
        for cell in found.cell[kept]:
            none = cell == NOBODY
            truths.append(NO_CELL if none else truth.classes[cell])
            lines.append("" if none else truth.lines[cell])
        print(f"{seed}: {len(kept)} cells", flush=True)
    whole = concatenate(tables)
    np.savez_compressed(
        asked.files[0],
        p=whole.probabilities,
        fine=whole.fine.astype(np.float16),
        grades=whole.grades,
        truth=np.asarray(truths),
        line=np.asarray(lines),
    )


def kept_pool(path: Path, model: str) -> Pool:
    """A pool that was kept."""
    kept = np.load(path)
    vocabulary = find_model(model).vocabulary
    rows, fine = kept["fine"].shape
    empty = CellTable.empty(
        vocabulary.class_ids, vocabulary.feature_ids, fine=fine, rows=rows
    )
    table = replace(
        empty,
        id=np.arange(rows, dtype=np.int64),
        probabilities=kept["p"],
        grades=kept["grades"],
        fine=kept["fine"].astype(np.float32),
    )
    return Pool(table, kept["truth"], kept["line"])


def joined(pools: Sequence[Pool]) -> Pool:
    return Pool(
        concatenate(p.table for p in pools),
        np.concatenate([p.truth for p in pools]),
        np.concatenate([p.line for p in pools]),
    )


def errors_text(pool: Pool, model: str) -> str:
    """The [errors] table of the model's bundle.toml."""
    bundle = find_model(model)
    named = np.asarray(bundle.vocabulary.class_ids)[pool.table.class_index]
    cells = pool.truth != NO_CELL
    seen = evaluate_crops(
        pool.truth[cells].tolist(),
        pool.table.probabilities[cells],
        bundle.vocabulary.class_ids,
    )
    rows = [
        "[errors]  # answers by the true class, printed by benchmarks.review_pool",
        f'of_version = "{bundle.identity.version}"',
        f"calibration_error = {seen.ece:.4f}",
        f'measured_on = "{len(named)} drawn cells, through the whole program"',
        "",
        "[errors.said]",
    ]
    for true in (*bundle.vocabulary.class_ids, NO_CELL):
        answers, counts = np.unique(named[pool.truth == true], return_counts=True)
        said = zip(answers.tolist(), counts.tolist(), strict=True)
        inner = ", ".join(f"{name} = {count}" for name, count in said)
        rows.append(f"{true} = {{ {inner} }}")
    return "\n".join(rows)


def second_text(pool: Pool, model: str) -> str:
    """How often the second choice of a wrong answer is the truth."""
    classes = np.asarray(find_model(model).vocabulary.class_ids)
    *_, second, first = classes[np.argsort(pool.table.probabilities, axis=1)].T
    wrong = first != pool.truth
    cells = wrong & (pool.truth != NO_CELL)
    every, real = ((second == pool.truth)[rows].mean() for rows in (wrong, cells))
    return (
        f"The second choice is the truth in {every:.0%} of {wrong.sum()} wrong answers,"
        f" in {real:.0%} of the {cells.sum()} on cells."
    )


if __name__ == "__main__":
    main()
