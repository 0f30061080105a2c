"""Where each change's grades begin, fitted on cells kept out of training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtr

from marrowscope.inference.grade_scale import HALVES, GradeScale
from marrowscope.inference.graded_labels import gated, index_of
from marrowscope.training.labels import FEATURES

USUAL_DYSPLASIA = 0.1  # the share at which missed and wrongly called cells weigh alike
REAL_SHARE = 0.8  # how much real normals weigh against drawn and edited ones
FALSE_CHANGE = 0.02  # of real normals of a lineage that one change may call, at most
FALSE_DYSPLASIA = 0.03  # that all changes together may call
WIDTH = 0.25  # log-odds over which one cell is spread: few stand for many
STEP = 0.04  # log-odds between cuts that are tried
APART = 0.1  # least distance of two cuts
_HIGHEST = 3.0
_LINEAGE = {"e": 0, "g": 1, "m": 2}  # of a change's group; the normal class's place

Cuts = dict[str, list[float]]


@dataclass(frozen=True)
class Graded:
    """Highest outputs (N, 34) of cells with class (N,) and true grades (N, 12).

    `real` (N,): untouched photographed cells, all of them normal, of a `source` (N,).
    """

    outputs: np.ndarray
    label: np.ndarray
    grades: np.ndarray
    real: np.ndarray
    source: np.ndarray

    def normals(self, lineage: int) -> np.ndarray:
        """(N,) cells of a lineage without any change."""
        return (self.label == lineage) & (self.grades.max(axis=1) == 0)

    def odds(self, feature: str) -> np.ndarray:
        """(N,) log-odds of one change's output."""
        share = self.outputs[:, index_of(feature)] / _HIGHEST
        return logit(np.clip(share, 1e-4, 1 - 1e-4))


def fitted_cuts(cells: Graded) -> Cuts:
    """Three cuts for each change that drawn or edited cells show."""
    cuts = {
        name: [first, *_upper_cuts(cells, name, first)]
        for name in FEATURES
        if (first := _first_cut(cells, name)) is not None
    }
    for group in _LINEAGE:
        cuts = _limited(cells, cuts, group)
    return cuts


def _first_cut(cells: Graded, feature: str) -> float | None:
    """Where least goes wrong at the usual share of dysplasia; None when no cell shows
    the change."""
    grade = cells.grades[:, FEATURES.index(feature)]
    odds, normal = cells.odds(feature), cells.normals(_LINEAGE[feature[0]])
    if not (grade > 0).any():
        return None
    sets = [odds[normal & made] for made in (cells.real, ~cells.real)]
    real = REAL_SHARE if len(sets[0]) else 0.0
    tried = np.arange(-3.0, 2.5, STEP)
    false = real * _over(sets[0], tried) + (1 - real) * _over(sets[1], tried)
    missed = 1 - _over(odds[grade > 0], tried)
    wrong = (1 - USUAL_DYSPLASIA) * false + USUAL_DYSPLASIA * missed
    return float(_HIGHEST * expit(tried[int(wrong.argmin())]))


def _over(odds: np.ndarray, tried: np.ndarray) -> np.ndarray:
    """(T,) smoothed share of cells at or over each cut that is tried."""
    if not len(odds):
        return np.zeros(len(tried))
    return ndtr((odds[:, None] - tried[None]) / WIDTH).mean(axis=0)


def _upper_cuts(cells: Graded, feature: str, first: float) -> list[float]:
    """Cuts between grades 1, 2, 3 with the fewest wrong ones, grades counting alike."""
    grade = cells.grades[:, FEATURES.index(feature)]
    raw = cells.outputs[:, index_of(feature)]
    found, lowest = [], first
    for upper in (2, 3):
        least = min(lowest + APART, _HIGHEST - APART * (4 - upper))
        tried = np.arange(least, _HIGHEST - APART * (3 - upper) - 1e-6, 0.02)
        over, under = raw[grade == upper], raw[grade == upper - 1]
        wrong = np.zeros(len(tried))
        if len(over) and len(under):
            wrong += (over[:, None] < tried).mean(axis=0)
            wrong += (under[:, None] >= tried).mean(axis=0)
        best = tried[wrong == wrong.min()]
        found.append(float(np.median(best)))
        lowest = found[-1]
    return found


def _limited(cells: Graded, cuts: Cuts, group: str) -> Cuts:
    """The cuts of a group raised until few real normals of any source are called so.

    Each time the one is raised that calls most of them.
    """
    raised = dict(cuts)
    own = [name for name in raised if name.startswith(f"{group}_")]
    normal = cells.normals(_LINEAGE[group]) & cells.real
    for source in np.unique(cells.source[normal]) if own else ():
        outputs = cells.outputs[normal & (cells.source == source)]
        while worst := _too_often(outputs, raised, own):
            raised[worst] = _higher(raised[worst])
    return raised


def _too_often(outputs: np.ndarray, cuts: Cuts, features: Sequence[str]) -> str | None:
    """The change that calls most of these normals, where too many are called."""
    each = {name: float(called(outputs, cuts, [name]).mean()) for name in features}
    worst = max(features, key=each.__getitem__)
    together = float(called(outputs, cuts, features).mean())
    few = each[worst] <= FALSE_CHANGE and together <= FALSE_DYSPLASIA
    return None if few else worst


def _higher(row: list[float]) -> list[float]:
    """Three cuts, the first one step up and the others clear of it."""
    first = min(float(_HIGHEST * expit(logit(row[0] / _HIGHEST) + STEP)), 2.7)
    second = max(row[1], first + APART)
    return [first, second, max(row[2], second + APART)]


def called(outputs: np.ndarray, cuts: Cuts, features: Sequence[str]) -> np.ndarray:
    """(N,) True where one of these changes reaches grade 1."""
    read = gated(GradeScale.of(cuts).read(outputs))
    return (read[:, [index_of(name) for name in features]] >= HALVES[0]).any(axis=1)
