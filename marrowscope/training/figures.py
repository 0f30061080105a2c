"""Figures of a classifier from truth and probabilities: numpy and scikit-learn only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.metrics import f1_score, recall_score, roc_auc_score

from marrowscope.training.labels import (
    CLASSES,
    DYSPLASTIC_CLASSES,
    FEATURES,
    LINEAGES,
    NORMAL_CLASSES,
    REAL_CLASSES,
)


def indices(names: Sequence[str]) -> list[int]:
    """Positions of class names in the model's output."""
    return [CLASSES.index(name) for name in names]


def macro_f1(truth: np.ndarray, answer: np.ndarray, names: Sequence[str]) -> float:
    """Mean F1 over the classes of `names` that occur in `truth` (indices of classes).

    An answer outside `names` (ED for a normal erythroblast, say) is simply wrong.
    """
    present = [i for i in indices(names) if (truth == i).any()]
    return float(
        f1_score(truth, answer, labels=present, average="macro", zero_division=0)
    )


def recalls(truth: np.ndarray, answer: np.ndarray) -> dict[str, float]:
    """Recall of every class that occurs in `truth`."""
    present = [i for i in range(len(CLASSES)) if (truth == i).any()]
    values = recall_score(truth, answer, labels=present, average=None, zero_division=0)
    return {CLASSES[i]: float(v) for i, v in zip(present, values, strict=True)}


def false_dysplasia(truth: np.ndarray, answer: np.ndarray) -> dict[str, float]:
    """Share of normal cells of each lineage that were called dysplastic.

    Any dysplastic class counts, of whatever lineage. `all` is over every class that is
    not dysplastic.
    """
    called = np.isin(answer, indices(DYSPLASTIC_CLASSES))
    shares = {}
    for lineage, normal in zip(LINEAGES, NORMAL_CLASSES, strict=True):
        rows = truth == CLASSES.index(normal)
        if rows.any():
            shares[lineage] = float(called[rows].mean())
    normal = ~np.isin(truth, indices(DYSPLASTIC_CLASSES))
    if normal.any():
        shares["all"] = float(called[normal].mean())
    return shares


def dysplasia_counts(truth: np.ndarray, answer: np.ndarray) -> Mapping[str, dict]:
    """Per lineage: sensitivity, specificity, suggested and true share."""
    report = {}
    pairs = zip(LINEAGES, NORMAL_CLASSES, DYSPLASTIC_CLASSES, strict=True)
    for lineage, normal, dysplastic in pairs:
        n, d = indices([normal, dysplastic])
        if not (truth == d).any() or not (truth == n).any():
            continue
        report[lineage] = {
            "sensitivity": float((answer[truth == d] == d).mean()),
            "specificity": float((answer[truth == n] != d).mean()),
            "true_share": float((truth == d).sum() / np.isin(truth, [n, d]).sum()),
            "suggested_share": float(
                (answer == d).sum() / max(np.isin(answer, [n, d]).sum(), 1)
            ),
        }
    return report


def limited_shift(
    scores: np.ndarray, truth: np.ndarray, shift: np.ndarray, *, most: float
) -> np.ndarray:
    """`shift` (8,) lowered until at most this share of normals is called dysplastic.

    scores, truth: scaled logits (N, 8) and classes of untouched normal cells.
    """
    lowered = shift.copy()
    for normal, dysplastic in zip(NORMAL_CLASSES, DYSPLASTIC_CLASSES, strict=True):
        n, d = indices([normal, dysplastic])
        own = scores[truth == n]
        while len(own) and ((own + lowered).argmax(axis=1) == d).mean() > most:
            lowered[d] -= 0.1
    return lowered


def raised_shift(
    scores: np.ndarray,
    truth: np.ndarray,
    shift: np.ndarray,
    *,
    names: Sequence[str],
    most: float,
) -> np.ndarray:
    """`shift` (8,) with some classes raised, by 1 at most, while few others fall to
    them.

    For classes whose real cells all come from elsewhere, and which the network
    therefore doubts in a new place. scores, truth: scaled logits (N, 8) and classes of
    real cells kept out; `most`: the share of other classes that may be called so.
    """
    places = indices(names)
    others = scores[~np.isin(truth, places)]
    raised = shift.copy()
    for higher in np.arange(0.1, 1.01, 0.1):
        tried = shift.copy()
        tried[places] += higher
        if np.isin((others + tried).argmax(axis=1), places).mean() > most:
            break
        raised = tried
    return raised


def sensitivity_by_grade(
    grades: np.ndarray, answer: np.ndarray
) -> dict[str, list[float | None]]:
    """Per feature (12): share of cells called dysplastic of any lineage, at true grade
    1, 2 and 3; None where no cell has that grade.

    A cell with several features counts for each of them.
    """
    called = np.isin(answer, indices(DYSPLASTIC_CLASSES))
    return {
        name: [_share(called[grades[:, column] == grade]) for grade in (1, 2, 3)]
        for column, name in enumerate(FEATURES)
        if (grades[:, column] > 0).any()
    }


def _share(called: np.ndarray) -> float | None:
    return float(called.mean()) if len(called) else None


def dysplasia_auc(truth: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    """Per lineage: area under the ROC of P(dysplastic), dysplastic against normal."""
    areas = {}
    pairs = zip(LINEAGES, NORMAL_CLASSES, DYSPLASTIC_CLASSES, strict=True)
    for lineage, normal, dysplastic in pairs:
        n, d = indices([normal, dysplastic])
        rows = np.isin(truth, [n, d])
        if len(np.unique(truth[rows])) == 2:
            area = roc_auc_score(truth[rows] == d, probabilities[rows, d])
            areas[lineage] = float(area)
    return areas


def calibration_error(truth: np.ndarray, probabilities: np.ndarray) -> float:
    """Expected calibration error of the top class in 15 equal-width bins."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((confidence * 15).astype(int), 14)
    gaps = [
        (bins == b).mean() * abs(right[bins == b].mean() - confidence[bins == b].mean())
        for b in np.unique(bins)
    ]
    return float(np.sum(gaps))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities (N, C)."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def best_temperature(
    logits: np.ndarray,
    truth: np.ndarray,
    sums: Callable[[np.ndarray], np.ndarray] = lambda scaled: scaled,
) -> float:
    """The divisor of the logits with the least negative log-likelihood (Guo 2017).

    `sums` makes logits of the classes in `truth` from scaled finer ones.
    """

    def loss(log_temperature: float) -> float:
        chosen = softmax(sums(logits / np.exp(log_temperature)))
        chosen = chosen[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def unbiased_shift(
    scores: np.ndarray, truth: np.ndarray, *, prevalence: float
) -> np.ndarray:
    """What to add to scaled logits, (8,), to suggest dysplasia as often as it is.

    Training shows dysplastic cells far oftener than a marrow does. For each lineage the
    dysplastic class is lowered until, at this true share, cells wrongly called
    dysplastic (of every class, as often as `truth` has them) and cells missed balance.
    """
    shift = np.zeros(len(CLASSES))
    for normal, dysplastic in zip(NORMAL_CLASSES, DYSPLASTIC_CLASSES, strict=True):
        n, d = indices([normal, dysplastic])
        if not (truth == n).any() or not (truth == d).any():
            continue
        strangers = ~np.isin(truth, [n, d])
        each = 1 / (~strangers).sum()  # so that the lineage weighs one
        for lower in np.arange(0.0, 4.01, 0.1):
            shift[d] = -lower
            called = (scores + shift).argmax(axis=1) == d
            false = (1 - prevalence) * called[truth == n].mean()
            false += each * called[strangers].sum()
            if false <= prevalence * (~called[truth == d]).mean():
                break
    return shift


def fine_f1(allowed: np.ndarray, answer: np.ndarray, words: np.ndarray) -> dict:
    """Macro-F1 and recall over a source's own words for its cells.

    allowed: (N, K) the outputs that are right for each cell; answer: (N,) the output
    given. An answer that is right for no word of the source is wrong for all.
    """
    names = np.unique(words)
    right_for = {name: allowed[words == name][0] for name in names}
    scores, shares = [], {}
    for name in names:
        own, given = words == name, right_for[name][answer]
        hits = int((own & given).sum())
        scores.append(2 * hits / max(int(own.sum() + given.sum()), 1))
        shares[str(name)] = hits / int(own.sum())
    return {"macro_f1": float(np.mean(scores)), "recall": shares}


def of_real_cells(
    truth: np.ndarray, answer: np.ndarray, source: np.ndarray
) -> dict[str, dict]:
    """Macro-F1, accuracy, recalls and false dysplasia of each source of real cells."""
    return {
        str(name): {
            "cells": int((rows := source == name).sum()),
            "macro_f1": macro_f1(truth[rows], answer[rows], REAL_CLASSES),
            "accuracy": float((truth[rows] == answer[rows]).mean()),
            "recall": recalls(truth[rows], answer[rows]),
            "false_dysplasia": false_dysplasia(truth[rows], answer[rows]),
        }
        for name in np.unique(source)
    }
