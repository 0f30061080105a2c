"""Which labels look wrong, from probabilities that never saw them.

Confident learning: Northcutt, Jiang & Chuang, Journal of Artificial Intelligence
Research 70 (2021), 1373-1411. All functions take out-of-sample probabilities (N, C):
in-sample ones of a network that has learned a wrong label by heart would hide it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


def self_confidence(probabilities: Floats, labels: Places) -> Floats:
    """(N,) probability of each cell's own label: the lower, the more it looks wrong."""
    return probabilities[np.arange(len(labels)), labels]


def normalised_margin(probabilities: Floats, labels: Places) -> Floats:
    """(N,) that of the label less that of the likeliest other class, -1 to 1."""
    others = probabilities.copy()
    others[np.arange(len(labels)), labels] = -np.inf
    return self_confidence(probabilities, labels) - others.max(axis=1)


def worst_first(probabilities: Floats, labels: Places) -> Places:
    """Rows whose likeliest class is not their label, least self-confident first."""
    rows = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    own = self_confidence(probabilities, labels)[rows]
    return rows[np.argsort(own, kind="stable")]


def confident_joint(probabilities: Floats, labels: Places) -> Floats:
    """(C, C) cells labelled i that are confidently j, rows scaled to the label counts.

    Confidently j: at least as probable as j is, on average, in cells labelled j.
    """
    classes = probabilities.shape[1]
    usual = np.full(classes, np.inf)
    for j in np.unique(labels):
        usual[j] = probabilities[labels == j, j].mean()
    above = np.where(probabilities >= usual, probabilities, -np.inf)
    sure = np.isfinite(above).any(axis=1)
    joint = np.zeros((classes, classes))
    np.add.at(joint, (labels[sure], above[sure].argmax(axis=1)), 1.0)
    counts = np.bincount(labels, minlength=classes)
    return joint * (counts / np.maximum(joint.sum(axis=1), 1))[:, None]


def likely_wrong(probabilities: Floats, labels: Places) -> float:
    """How many labels are wrong by the confident joint: all off its diagonal."""
    joint = confident_joint(probabilities, labels)
    return float(joint.sum() - np.trace(joint))
