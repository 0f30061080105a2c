"""Do readers agree: kappa of the model against each reader, and among readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.resampling import as_pair, resampled

UNIDENTIFIABLE = "unidentifiable"
MODEL = "model"
ROUNDS = 300  # of resampling: each weighs a whole table


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
class CalledCell:
    """Everybody's calls of one cell, and what over half of the people said."""

    cell: str
    calls: Mapping[str, str]
    majority: str

    @property
    def differs(self) -> bool:
        """Two people said two things, or the model not what the people said."""
        people = {
            call for name, call in self.calls.items() if call and not _model(name)
        }
        said = {call for call in self.calls.values() if call}
        return len(people) > 1 or bool(people and said - people)

    def as_json(self) -> dict[str, object]:
        calls = {name: call for name, call in self.calls.items() if call}
        return {"cell": self.cell, "calls": calls, "majority": self.majority}


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Every pair, the kappa of all readers together, and the majority's calls.

    `cells`: those that any person called, in the order given.
    """

    pairs: tuple[Kappa, ...]
    fleiss: float | None
    fleiss_interval: Interval | None
    cells: tuple[CalledCell, ...]
    left_out: int

    @property
    def majority(self) -> Mapping[str, int]:
        """How many cells the majority called what."""
        return Counter(one.majority for one in self.cells)

    @property
    def discrepancies(self) -> list[CalledCell]:
        """Cells about which somebody differs, those most disputed first."""
        apart = [one for one in self.cells if one.differs]
        return sorted(apart, key=lambda one: -len({*one.calls.values()} - {""}))

    def as_json(self) -> dict[str, object]:
        """Keys: pairs, fleiss, fleiss_interval, majority, cells, discrepancies,
        left_out."""
        return {
            "pairs": [pair.as_json() for pair in self.pairs],
            "fleiss": self.fleiss,
            "fleiss_interval": as_pair(self.fleiss_interval),
            "majority": dict(self.majority),
            "cells": len(self.cells),
            "discrepancies": [one.as_json() for one in self.discrepancies],
            "left_out": self.left_out,
        }


def evaluate_agreement(
    calls: Mapping[str, Sequence[str]], *, cells: Sequence[str] = (), left_out: int = 0
) -> AgreementReport:
    """Kappa of every two readers; an empty call is no call.

    `calls` (N,) by reader, the model's under "model"; `cells` (N,) are their names,
    else numbers from 1.
    """
    pairs = tuple(_kappa(a, b, calls) for a, b in combinations(calls, 2))
    people = [name for name in calls if not _model(name)]
    called = list(zip(*(calls[name] for name in people), strict=True))
    whole = [row for row in called if all(row)] if len(people) > 1 else []
    counts = _counts(whole)
    return AgreementReport(
        pairs=pairs,
        fleiss=_fleiss(counts),
        fleiss_interval=resampled(
            lambda rows: _fleiss(counts[rows]), len(counts), rounds=ROUNDS
        ),
        cells=tuple(
            CalledCell(
                cells[i] if cells else str(i + 1),
                {name: calls[name][i] for name in calls},
                majority(row),
            )
            for i, row in enumerate(called)
            if any(row)
        ),
        left_out=left_out,
    )


def _model(name: str) -> bool:
    return name.lower() == MODEL


def majority(calls: Sequence[str]) -> str:
    """What over half of the readers said, else "unidentifiable" (Wu et al. 2020)."""
    said = [call for call in calls if call]
    (first, most), *_ = Counter(said).most_common(1)
    return first if 2 * most > len(said) else UNIDENTIFIABLE


def _kappa(a: str, b: str, calls: Mapping[str, Sequence[str]]) -> Kappa:
    both = [(x, y) for x, y in zip(calls[a], calls[b], strict=True) if x and y]
    graded = _as_grades(both)
    names = sorted({call for pair in both for call in pair})
    first, second = (
        np.array([names.index(pair[i]) for pair in both], np.intp) for i in (0, 1)
    )
    return Kappa(
        readers=(a, b),
        cells=len(both),
        kappa=_cohen(first, second),
        interval=resampled(
            lambda rows: _cohen(first[rows], second[rows]), len(both), rounds=ROUNDS
        ),
        linear=_cohen(*graded, weights="linear") if graded else None,
        quadratic=_cohen(*graded, weights="quadratic") if graded else None,
    )


def _as_grades(
    both: Sequence[tuple[str, str]],
) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
    try:
        grades = np.array([[float(x), float(y)] for x, y in both]).reshape(-1, 2)
    except ValueError:
        return None
    return grades[:, 0].astype(np.intp), grades[:, 1].astype(np.intp)


def _cohen(
    first: NDArray[np.intp], second: NDArray[np.intp], weights: str | None = None
) -> float | None:
    """None where kappa has no meaning: no cells, or both said one thing throughout."""
    if not len(first) or len(np.unique(np.concatenate([first, second]))) < 2:
        return None
    # Read in when it is asked for: it brings a third of what the window would load.
    from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415

    value = float(cohen_kappa_score(first, second, weights=weights))
    return value if np.isfinite(value) else None


def fleiss_kappa(rows: Sequence[Sequence[str]]) -> float | None:
    """Kappa of all readers together (Fleiss 1971); None where it has no meaning."""
    return _fleiss(_counts(rows))


def _counts(rows: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    """(N, K) how many readers called each cell what."""
    names = sorted({call for row in rows for call in row})
    told = [[list(row).count(name) for name in names] for row in rows]
    return np.array(told, np.int64).reshape(len(rows), len(names))


def _fleiss(counts: NDArray[np.int64]) -> float | None:
    said = counts.sum(axis=0)
    if np.count_nonzero(said) < 2:
        return None
    readers = counts.sum(axis=1)[0]
    agree = ((counts**2).sum(axis=1) - readers) / (readers * (readers - 1))
    by_chance = float(((said / said.sum()) ** 2).sum())
    return float((agree.mean() - by_chance) / (1 - by_chance))
