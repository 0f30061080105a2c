"""Sets how BMSNet's names are read, on cells that no field of its training shows.

``python -m marrowscope.training.bmsnet.calibration --bundle models/bmsnet --data D
--kept-out LIST.csv`` where the list has the columns path, dataset, label and mpp.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.families.bmsnet import BMSNetReader, load_bmsnet
from marrowscope.inference.one_stage import Naming, kept_rows, overlap
from marrowscope.inference.ready_made import GIVEN, PictureScale
from marrowscope.training.bmsnet.classes import CLASS_OF
from marrowscope.training.bmsnet.named_fields import FIRST_CLASS, drawn_fields
from marrowscope.training.locator.sources import read_rgb
from marrowscope.training.mori.boxed_field import BoxedField

DRAWN_SEED, DRAWN_FIELDS = 77, 45  # above the seeds of training
VIEWS = 2
SAME_CELL = 0.5
RIDGE = 0.002  # holds the shift of classes with few cells near nothing
LEAST_SHARE = 1e-9


@dataclass(frozen=True)
class Named:
    """Probabilities (N, C) as the network gives them, truth (N,) and source (N,)."""

    shares: np.ndarray
    truth: np.ndarray
    source: np.ndarray


def fitted_naming(cells: Named, *, views: int) -> Naming:
    """One temperature and a shift for each class, by the least surprise.

    Every source weighs alike; within one a class weighs as the root of its cells, so
    that rare classes are heard.
    """
    logs = np.log(np.maximum(cells.shares, LEAST_SHARE))
    rows, weights = np.arange(len(logs)), weights_of(cells)

    def surprise(values: np.ndarray) -> float:
        said = log_softmax(logs / np.exp(values[0]) + values[1:], axis=1)
        each = -(weights * said[rows, cells.truth]).sum()
        return float(each + RIDGE * (values[1:] ** 2).sum())

    found = minimize(surprise, np.zeros(1 + logs.shape[1]), method="L-BFGS-B").x
    return Naming(float(np.exp(found[0])), tuple(found[1:].tolist()), views)


def weights_of(cells: Named) -> np.ndarray:
    """(N,) weights that sum to 1 over each source."""
    weights = np.zeros(len(cells.truth))
    for source in np.unique(cells.source):
        own = cells.source == source
        counts = np.bincount(cells.truth[own])
        weights[own] = 1 / np.sqrt(counts[cells.truth[own]])
        weights[own] /= weights[own].sum()
    return weights


def named_crops(reader: BMSNetReader, data: Path, listed: Path) -> Iterator[tuple]:
    """Shares, class number and source of the pictures of a list that have a class."""
    with listed.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] in CLASS_OF:
                scale = PictureScale(float(row["mpp"]), GIVEN)
                answer = reader.classify(read_rgb(data / row["path"]), scale)
                yield answer.probabilities, CLASS_OF[row["label"]], row["dataset"]


def named_in_fields(
    reader: BMSNetReader, fields: Iterable[BoxedField], *, source: str
) -> Iterator[tuple]:
    """Shares, class number and source of cells that have a class and were found."""
    for field in fields:
        raw = reader.look(field.image)
        kept = kept_rows(raw)
        for box, kind in zip(field.boxes, field.kinds, strict=True):
            shared = overlap(box.astype(float), raw.boxes[kept].astype(float))
            if kind >= FIRST_CLASS and shared.max(initial=0) >= SAME_CELL:
                row = kept[int(shared.argmax())]
                yield raw.classes[row], int(kind) - FIRST_CLASS, source


def unscaled_reader(folder: Path, *, views: int) -> BMSNetReader:
    """The bundle's reader with names as the network gives them."""
    return load_bmsnet(load_bundle(folder), threads=1, naming=Naming(views=views))


def calibrate(folder: Path, found: Sequence[tuple], *, views: int = VIEWS) -> None:
    """Fit temperature and shift to `found` and write them into the bundle."""
    shares, truth, source = zip(*found, strict=True)
    cells = Named(np.stack(shares), np.asarray(truth), np.asarray(source))
    names, counts = np.unique(cells.source, return_counts=True)
    said = ", ".join(f"{n} {name}" for name, n in zip(names, counts, strict=True))
    write_naming(
        folder / "bundle.toml",
        fitted_naming(cells, views=views),
        fitted_on=f"Cells that no training field shows: {said}",
    )


def write_naming(path: Path, naming: Naming, *, fitted_on: str) -> None:
    """Put `[bmsnet]` into a bundle.toml, in place of what is there."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?ms)^\[bmsnet\].*?(?=^\[)", "", text)
    shift = ", ".join(f"{value:.3f}" for value in naming.shift)
    lines = [
        "[bmsnet]  # how class shares are read; shift in the order of the classes",
        f"views = {naming.views}   # 2: averaged with the mirrored field",
        f"temperature = {naming.temperature:.3f}",
        f"shift = [{shift}]",
        f'fitted_on = "{fitted_on}"',
        *("", ""),
    ]
    first = text.index("[[classes]]")
    path.write_text(text[:first] + "\n".join(lines) + text[first:], encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> None:
    """Fit temperature and shift on cells kept out and write them into the bundle."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument(
        "--data", type=Path, required=True, help="where the list starts"
    )
    parser.add_argument("--kept-out", type=Path, required=True)
    parser.add_argument("--views", type=int, default=VIEWS)
    given = parser.parse_args(argv)
    reader = unscaled_reader(given.bundle, views=given.views)
    drawn = islice(drawn_fields(DRAWN_SEED), DRAWN_FIELDS)
    found = [
        *named_crops(reader, given.data, given.kept_out),
        *named_in_fields(reader, drawn, source="drawn"),
    ]
    calibrate(given.bundle, found, views=given.views)


if __name__ == "__main__":
    main()
