"""Intervals of figures that have no formula: resampling what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.statistics import Interval

ROUNDS = 1000
SEED = 20
_NO_WIDTH = 1e-9


def resampled(
    figure: Callable[[NDArray[np.intp]], float | None],
    count: int,
    *,
    rounds: int = ROUNDS,
    seed: int = SEED,
) -> Interval | None:
    """The 95 % percentile bootstrap interval of `figure` over `count` cases.

    `figure` answers for rows drawn with replacement; draws without an answer (a class
    that was not drawn) are left out. None when fewer than half of them have one.
    Efron & Tibshirani 1993, chapter 13.
    """
    draws = drawn_rows(count, rounds=rounds, seed=seed)
    return limits_of([figure(rows) for rows in draws], rounds=rounds)


def drawn_rows(
    count: int, *, rounds: int = ROUNDS, seed: int = SEED
) -> Iterator[NDArray[np.intp]]:
    """`rounds` times (count,) row numbers drawn with replacement; none of no rows."""
    rng = np.random.default_rng(seed)
    for _ in range(rounds if count else 0):
        yield rng.integers(count, size=count)


def limits_of(
    values: Sequence[float | None], *, rounds: int = ROUNDS
) -> Interval | None:
    """Where the middle 95 % of resampled values lie; None when most are unknown.

    None too when all are alike: what no case of the sample shows, resampling cannot
    show either, and an interval without width would promise too much.
    """
    known = [value for value in values if value is not None and np.isfinite(value)]
    if not known or len(known) < rounds / 2:
        return None
    low, high = (float(limit) for limit in np.percentile(known, (2.5, 97.5)))
    return Interval(low, high) if high - low > _NO_WIDTH else None


def over_pictures(
    figures: Callable[[NDArray[np.intp]], Mapping[str, float | None]], pictures: int
) -> dict[str, Interval]:
    """95 % intervals of named figures, by resampling whole pictures.

    `figures` answers for how often each picture counts, (pictures,). Cells of one
    picture resemble one another, so cells alone would give too narrow an interval.
    Empty for a single picture: it says nothing of another.
    """
    if pictures < 2:
        return {}
    drawn = [
        figures(np.bincount(rows, minlength=pictures)) for rows in drawn_rows(pictures)
    ]
    found = {name: limits_of([one[name] for one in drawn]) for name in drawn[0]}
    return {name: limits for name, limits in found.items() if limits}


def f1_of(
    true: NDArray[np.intp], answer: NDArray[np.intp], classes: int
) -> NDArray[np.float64]:
    """(C,) F1 of each class; NaN where the class is not among the true ones."""
    hits = np.bincount(true[true == answer], minlength=classes)
    said = np.bincount(answer, minlength=classes)
    there = np.bincount(true, minlength=classes)
    f1 = 2 * hits / np.maximum(said + there, 1)
    return np.where(there > 0, f1, np.nan)


def mean_known(values: NDArray[np.float64]) -> float | None:
    """The mean of what is not NaN, None when all is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


def as_pair(interval: Interval | None) -> Sequence[float] | None:
    """For JSON."""
    return [interval.low, interval.high] if interval else None
