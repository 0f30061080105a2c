"""Brings the workshop's sets together, decoded once and kept in a working folder."""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from marrowscope.training.datasets import (
    blood_fields,
    cells,
    drawn_cells,
    edited_cells,
    labelled_sets,
    real_cells,
)
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.datasets.mixture import Mixture, balanced
from marrowscope.training.labels import CLASSES

log = logging.getLogger(__name__)

CALIBRATION_EVERY = 25  # one training row in so many only sets the temperature
FIRST_TRAINING_FIELD = 100_000
FIRST_UNSEEN_FIELD = 920_000
FIRST_CALIBRATION_FIELD = 940_000

TOO_FEW_LOBES = ("segmented-bilobed", "unsegmented-round")

CLASS_SHARE = {
    "EN": 0.16,
    "GN": 0.25,
    "MN": 0.03,
    "ED": 0.05,
    "GD": 0.075,
    "MD": 0.03,
    "blast": 0.19,
    "other": 0.215,
}
# Of the sources that show a class, marrow weighs most: it is what will be read.
SOURCE_SHARE = {
    "acevedo_blood": 0.9,
    "mll_marrow": 2.0,
    "drawn": 0.8,
    "edited": 0.6,
    "raabin_blood": 0.4,
    "bccd_blood": 0.2,
    "bcd_blood": 0.15,
}


@dataclass(frozen=True)
class Places:
    """Where pictures come from and where decoded cells are kept."""

    data: Path
    work: Path
    masks: Path | None = None


def kept(folder: Path, make: Callable[[], CellArrays]) -> CellArrays:
    """The set in `folder`, made first where it is missing."""
    if not (folder / "dyes.npy").is_file():
        log.info("decoding %s", folder.name)
        cells.save(make(), folder)
    return cells.load(folder)


def real(places: Places, split: str) -> CellArrays:
    """Real crops of a split (`train` or `val`) of the data at hand."""
    return kept(
        places.work / f"real_{split}",
        lambda: real_cells.read_cells(
            labelled_sets.crops_of(places.data, split), masks=places.masks
        ),
    )


def blood_fields_of(places: Places) -> list[CellArrays]:
    """Named white cells of the TXL-PBC training pictures, where they are at hand."""
    if not (places.data / "txl_pbc").is_dir():
        return []
    found = kept(
        places.work / "blood_fields",
        lambda: blood_fields.read_blood_fields(places.data, places.masks),
    )
    return [found]


def drawn(places: Places, first: int, fields: int) -> CellArrays:
    """Cells of phantom fields `first` to `first + fields`."""
    return kept(
        places.work / f"drawn_{first}_{fields}",
        lambda: cells.join(
            [drawn_cells.draw_cells(seed) for seed in range(first, first + fields)]
        ),
    )


def edited(places: Places, parts: Sequence[CellArrays], seed: int) -> CellArrays:
    """Graded edits of the real training cells of every set."""
    return kept(
        places.work / "edited",
        lambda: cells.join([edited_cells.edit_cells(p, seed=seed) for p in parts]),
    )


def kept_out(places: Places) -> CellArrays:
    """The training crops that are not trained on; they are read alone.

    Temperatures and cuts are fitted on them, and edits of them are unseen.
    """
    return kept(
        places.work / "kept_out",
        lambda: real_cells.read_cells(
            labelled_sets.crops_of(places.data, "train")[::CALIBRATION_EVERY],
            masks=places.masks,
        ),
    )


def trained_on(train: CellArrays, doubtful: np.ndarray | None = None) -> CellArrays:
    """Real training cells without those of `kept_out`.

    `doubtful` (N,) bool: cells not to train on either; those kept out may be such.
    """
    taken = np.arange(len(train)) % CALIBRATION_EVERY != 0
    if doubtful is not None:
        taken &= ~doubtful
    return train.take(np.flatnonzero(taken))


def bilobed(places: Places) -> np.ndarray | None:
    """(N,) True for the training neutrophils that haematologists called bilobed.

    After WBCAtt (Tsutsui et al., NeurIPS 2023). Two lobes are what a pseudo-Pelger cell
    has: as normals they would teach that only an edited nucleus is hyposegmented.
    """
    attributes = sorted((places.data / "wbcatt").glob("*.csv"))
    if not attributes or not (places.data / "cells" / "manifest.csv").is_file():
        return None
    names = {
        row["img_name"]
        for path in attributes
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        if row["label"] == "Neutrophil" and row["nucleus_shape"] in TOO_FEW_LOBES
    }
    crops = labelled_sets.crops_of(places.data, "train")
    return np.array([crop.path.name in names for crop in crops])


def training_mixture(parts: list[CellArrays]) -> Mixture:
    """All parts, balanced over classes, then sources, then fine labels."""
    share = np.array([CLASS_SHARE[name] for name in CLASSES])
    return balanced(cells.join(parts), class_share=share, source_share=share_of_source)


def share_of_source(name: str) -> float:
    """How much a source weighs among those that show a class; a laboratory's own: 1."""
    return SOURCE_SHARE.get(name, 1.0)
