"""Do readers agree: kappa of the model against each reader, and among readers."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.resampling import as_pair, resampled

UNIDENTIFIABLE = "unidentifiable"
MODEL = "model"


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa of two readers over the cells both called.

    `linear` and `quadratic` weigh by distance where calls are grades, else None.
    """

    readers: tuple[str, str]
    cells: int
    kappa: float | None
    interval: Interval | None
    linear: float | None
    quadratic: float | None

    def as_json(self) -> dict[str, object]:
        return {
            "readers": list(self.readers),
            "cells": self.cells,
            "kappa": self.kappa,
            "interval": as_pair(self.interval),
            "linear": self.linear,
            "quadratic": self.quadratic,
        }


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Every pair, the kappa of all readers together, and the majority's calls."""

    pairs: tuple[Kappa, ...]
    fleiss: float | None
    majority: Mapping[str, int]
    left_out: int

    def as_json(self) -> dict[str, object]:
        """Keys: pairs, fleiss, majority, left_out."""
        return {
            "pairs": [pair.as_json() for pair in self.pairs],
            "fleiss": self.fleiss,
            "majority": dict(self.majority),
            "left_out": self.left_out,
        }


def read_calls(
    path: Path, *, least_iou: float | None = None
) -> tuple[dict[str, list[str]], int]:
    """Calls by reader from a CSV: one row per cell, one column per reader.

    Columns `cell` and `path` are names, `iou` the overlap of the cell's boxes: rows
    below `least_iou` are left out and counted, as Wu et al. 2020 did. Raises
    UnreadableInput when there are no two readers.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(
            f"{path.name} cannot be read.", "Save it as CSV."
        ) from error
    # A row longer than the heading has its surplus under None: no reader's calls.
    heading = [name for name in (rows[0] if rows else {}) if isinstance(name, str)]
    names = [name for name in heading if name not in _NO_READER]
    if len(names) < 2:
        raise UnreadableInput(
            f"{path.name} has no two columns of calls.",
            "Give one row per cell and one column per reader.",
        )
    kept = [r for r in rows if least_iou is None or _overlap(r, path) >= least_iou]
    calls = {name: [(row[name] or "").strip() for row in kept] for name in names}
    return calls, len(rows) - len(kept)


def _overlap(row: Mapping[str, str | None], path: Path) -> float:
    """The overlap of a row's boxes, 1 where none is given."""
    try:
        return float(row.get("iou") or 1)
    except ValueError as error:
        raise UnreadableInput(
            f"{path.name} has an iou that is no number ({row['iou']}).",
            "Give iou as a number from 0 to 1, or leave it empty.",
        ) from error


_NO_READER = ("cell", "case", "path", "iou", "")


def evaluate_agreement(
    calls: Mapping[str, Sequence[str]], *, left_out: int = 0
) -> AgreementReport:
    """Kappa of every two readers; an empty call is no call."""
    pairs = tuple(_kappa(a, b, calls) for a, b in combinations(calls, 2))
    people = [name for name in calls if name.lower() != MODEL]
    called = list(zip(*(calls[name] for name in people), strict=True))
    whole = [row for row in called if all(row)]
    return AgreementReport(
        pairs=pairs,
        fleiss=fleiss_kappa(whole) if len(people) > 1 else None,
        majority=Counter(majority(row) for row in called if any(row)),
        left_out=left_out,
    )


def majority(calls: Sequence[str]) -> str:
    """What over half of the readers said, else "unidentifiable" (Wu et al. 2020)."""
    said = [call for call in calls if call]
    (first, most), *_ = Counter(said).most_common(1)
    return first if 2 * most > len(said) else UNIDENTIFIABLE


def _kappa(a: str, b: str, calls: Mapping[str, Sequence[str]]) -> Kappa:
    both = [(x, y) for x, y in zip(calls[a], calls[b], strict=True) if x and y]
    first, second = (np.array([pair[i] for pair in both]) for i in (0, 1))
    graded = _as_grades(first, second)
    return Kappa(
        readers=(a, b),
        cells=len(both),
        kappa=_cohen(first, second),
        interval=resampled(
            lambda rows: _cohen(first[rows], second[rows]), len(both), rounds=300
        ),
        linear=_cohen(*graded, weights="linear") if graded else None,
        quadratic=_cohen(*graded, weights="quadratic") if graded else None,
    )


def _as_grades(
    first: NDArray[np.str_], second: NDArray[np.str_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    try:
        return first.astype(float).astype(int), second.astype(float).astype(int)
    except ValueError:
        return None


def _cohen(
    first: NDArray[np.generic], second: NDArray[np.generic], weights: str | None = None
) -> float | None:
    """None where kappa has no meaning: no cells, or both said one thing throughout."""
    if not len(first) or len(set(first.tolist()) | set(second.tolist())) < 2:
        return None
    value = float(cohen_kappa_score(first, second, weights=weights))
    return value if np.isfinite(value) else None


def fleiss_kappa(rows: Sequence[Sequence[str]]) -> float | None:
    """Kappa of all readers together (Fleiss 1971); None where it has no meaning."""
    names = sorted({call for row in rows for call in row})
    if not rows or len(names) < 2:
        return None
    counts = np.array([[list(row).count(name) for name in names] for row in rows])
    readers = counts.sum(axis=1)[0]
    agree = ((counts**2).sum(axis=1) - readers) / (readers * (readers - 1))
    by_chance = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    return (
        None if by_chance == 1 else float((agree.mean() - by_chance) / (1 - by_chance))
    )
