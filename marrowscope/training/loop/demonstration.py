"""The loop shown on drawn cells: spoilt labels, a simulated reader, round after round.

    python -m marrowscope.training loop-demonstration --out FOLDER

Everything goes through the files a laboratory would use; only the reader is simulated.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from marrowscope.training.datasets.cells import (
    WINDOW_PX,
    WINDOW_UM,
    CellArrays,
    join,
    load,
)
from marrowscope.training.datasets.drawn_cells import draw_cells
from marrowscope.training.labels import CLASSES
from marrowscope.training.loop import listing, rounds
from marrowscope.training.loop.cells import cells_of
from marrowscope.training.loop.command import gathering, read_data
from marrowscope.training.loop.decisions import KEEP, NEW, applied, read_journal
from marrowscope.training.loop.pictures import scaled
from marrowscope.training.loop.rounds import Plan
from marrowscope.workflow.models import find_model

WRONG = 0.10  # of the labels are spoilt
READER_RIGHT = 0.97
MOST_ROUNDS = 12
FIRST_FIELD, FIRST_KEPT_OUT = 960_000, 970_000
# Whom a tired eye takes for whom.
CONFUSABLE = {
    "EN": ("ED", "other"),
    "GN": ("GD", "blast"),
    "MN": ("MD",),
    "ED": ("EN",),
    "GD": ("GN",),
    "MD": ("MN",),
    "blast": ("other", "GN"),
    "other": ("blast", "EN"),
}
Truth = Mapping[str, str]  # class by picture's name


@dataclass(frozen=True, slots=True)
class Told:
    """What a demonstration knows of a round, and no laboratory would.

    `found`: share of the spoilt labels among as many first disagreements of round 1 as
    labels were spoilt; `wrong`: labels still wrong.
    """

    number: int
    accuracy: float
    found: float
    wrong: int
    shown: int
    settled: bool


def spoilt(
    truth: Sequence[str], rng: np.random.Generator, *, confusable: bool
) -> list[str]:
    """The labels with a tenth of them wrong: any other class, or one like it."""
    labels = list(truth)
    wrong = rng.choice(len(labels), round(WRONG * len(labels)), replace=False)
    for row in wrong:
        others = [name for name in CLASSES if name != labels[row]]
        likely = CONFUSABLE[labels[row]] if confusable else others
        labels[row] = str(rng.choice(likely))
    return labels


def write_cells(cells: CellArrays, labels: Sequence[str], folder: Path) -> Truth:
    """A ``manifest.csv`` of drawn cells under these labels; the true classes."""
    folder.mkdir(parents=True, exist_ok=True)
    truth = {}
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("path", "source_label", "dataset", "mpp"))
        for row, label in enumerate(labels):
            name = f"{row:05d}.png"
            picture = np.ascontiguousarray(cells.canvas[row][..., ::-1])
            cv2.imwrite(str(folder / name), picture)
            rows.writerow((name, label, "drawn", WINDOW_UM / WINDOW_PX))
            truth[name] = CLASSES[int(cells.label[row])]
    return truth


def simulated_reader(path: Path, truth: Truth, rng: np.random.Generator) -> None:
    """Fill in a table as a reader would who is right 97 times of 100."""
    rows = listing.read_table_rows(path)
    for row in rows:
        right = truth[Path(row["cell"]).name]
        said = right
        if rng.random() > READER_RIGHT:
            said = str(rng.choice([name for name in CLASSES if name != right]))
        row["decision"] = KEEP if said == row["label"] else NEW
        row["new_label"] = "" if said == row["label"] else said
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, listing.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def demonstrated(
    cells: CellArrays,
    kept_out: CellArrays,
    folder: Path,
    *,
    seed: int = 1,
    confusable: bool = False,
    model: str = "lee",
) -> Iterator[Told]:
    """Run the loop to its end, a `Told` after each look; files go into `folder`."""
    rng = np.random.default_rng(seed)
    true = [CLASSES[int(place)] for place in cells.label]
    labels = spoilt(true, rng, confusable=confusable)
    truth = write_cells(cells, labels, folder / "cells")
    unseen = [CLASSES[int(place)] for place in kept_out.label]
    write_cells(kept_out, unseen, folder / "kept out")
    wrong = {n for n, s in zip(truth, labels, strict=True) if s != truth[n]}
    plan = Plan(folder / "loop", len(wrong), seed=seed, reader="simulated reader")
    plan.folder.mkdir(parents=True, exist_ok=True)
    gathered = gathering(read_data([folder / "cells"], None), ())
    clean = scaled(cells_of(read_data([folder / "kept out"], None)))
    bundle = find_model(model)
    for number in range(1, MOST_ROUNDS + 1):
        outcome = rounds.list_again(gathered, bundle, plan, kept_out=clean)
        table = outcome.folder / listing.TABLE
        shown = {Path(row["cell"]).name for row in listing.read_table_rows(table)}
        now = applied(gathered(), read_journal(plan.folder))
        still = sum(c.class_id != truth[c.crop.path.name] for c in now)
        yield Told(
            number,
            accuracy=outcome.round.kept_out or 0.0,
            found=len(shown & wrong) / len(wrong),
            wrong=still,
            shown=len(shown),
            settled=outcome.settled,
        )
        if outcome.settled:
            return
        simulated_reader(table, truth, rng)
        rounds.take_decisions(gathered(), number, plan)


def drawn(first: int, fields: int) -> CellArrays:
    """The cells of so many phantom fields."""
    return join([draw_cells(seed) for seed in range(first, first + fields)])


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m marrowscope.training loop-demonstration", description=__doc__
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fields", type=int, default=25, help="of 40 cells each")
    parser.add_argument("--kept-out-fields", type=int, default=10)
    parser.add_argument("--cells", type=Path, help="decoded cells instead of drawing")
    parser.add_argument("--kept-out-cells", type=Path)
    parser.add_argument("--confusable", action="store_true", help="likely mistakes")
    parser.add_argument("--model", default="lee")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Draw, spoil, and print a line a round."""
    given = arguments(argv)
    cells = load(given.cells) if given.cells else drawn(FIRST_FIELD, given.fields)
    unseen = given.kept_out_cells
    kept_out = load(unseen) if unseen else drawn(FIRST_KEPT_OUT, given.kept_out_fields)
    print(f"{len(cells)} drawn cells, a tenth of their labels wrong")
    print("round  accuracy kept out  spoilt among the shown  still wrong  shown")
    steps = demonstrated(
        cells,
        kept_out,
        given.out,
        seed=given.seed,
        confusable=given.confusable,
        model=given.model,
    )
    for told in steps:
        accuracy, found = 100 * told.accuracy, 100 * told.found
        print(
            f"{told.number:5}  {accuracy:15.1f} %  {found:20.1f} %  {told.wrong:11}"
            f"  {told.shown:5}",
            flush=True,
        )
    return 0
