"""How often a model was found to err, and what that says of its answers of now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_CELL = "no_cell"  # found where no cell is
_ROUNDS = 50  # of estimating what a case is made of


@dataclass(frozen=True, slots=True)
class MeasuredErrors:
    """A model's errors as measured; shares from 0 to 1.

    `accuracy`: how often it was right, where least; None for nothing measured.
    `said` (C + 1, C): of cells truly of each class, and last of findings that are no
    cell, the share named each class; None where only the accuracy is known. `no_cell`:
    of its findings, those that are none. `source`: what all this was measured on.
    """

    accuracy: float | None = None
    said: NDArray[np.float64] | None = None
    no_cell: float = 0.0
    source: str = "nothing measured"

    def truth_of_named(self, named: NDArray[np.integer]) -> NDArray[np.float64]:
        """(C, C + 1) how likely a cell named so is truly of each class, or none.

        `named` (C,): how many cells of this case were named each class. How common the
        true classes are follows from it and from `said` by expectation maximisation
        (Saerens, Latinne & Decaestecker, Neural Comput 2002;14:21).
        """
        if self.said is None:
            return np.eye(len(named), len(named) + 1)
        share = named / max(int(named.sum()), 1)
        mix = np.append(share * (1 - self.no_cell) + 1e-6, self.no_cell + 1e-6)
        for _ in range(_ROUNDS):
            mix = _given_named(mix, self.said).T @ share
        return _given_named(mix, self.said)


def _given_named(
    mix: NDArray[np.float64], said: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Bayes' rule: (C, C + 1) the truth of each name, by how common the truths are."""
    joint = (mix[:, None] * said).T
    return joint / joint.sum(axis=1, keepdims=True)


def measured_errors(
    accuracy: Mapping[str, Any],
    errors: Mapping[str, Any],
    classes: Sequence[str],
    *,
    version: str,
) -> MeasuredErrors:
    """From the tables [accuracy] and [errors] of a bundle.toml.

    [errors] counts answers by true class; where it was counted of another version than
    `version`, the lowest accuracy measured must do.
    """
    sets = [entry for entry in accuracy.values() if isinstance(entry, Mapping)]
    sets.append(accuracy)
    right = min(_figures(sets, "accuracy") + _figures(sets, "agreement"), default=None)
    if errors.get("of_version") == version:
        counts = _counts(errors["said"], classes)
        return MeasuredErrors(
            accuracy=right,
            said=_shares(counts),
            no_cell=float(counts[-1].sum() / max(counts.sum(), 1)),
            source=str(errors["measured_on"]),
        )
    if right is None:
        return MeasuredErrors()
    return MeasuredErrors(right, source="the accuracy on its card")


def _figures(sets: Sequence[Mapping[str, Any]], word: str) -> list[float]:
    """Everything whose name begins so: accuracy, accuracy_val…"""
    return [
        float(value)
        for entry in sets
        for name, value in entry.items()
        if name.startswith(word) and isinstance(value, int | float)
    ]


def _counts(
    said: Mapping[str, Mapping[str, int]], classes: Sequence[str]
) -> NDArray[np.float64]:
    """(C + 1, C) answers by true class."""
    rows = [[said[true].get(c, 0) for c in classes] for true in (*classes, NO_CELL)]
    return np.asarray(rows, np.float64)


def _shares(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    # Half a cell in every place: what 300 cells never showed may still happen.
    filled = counts + 0.5
    return filled / filled.sum(axis=1, keepdims=True)
