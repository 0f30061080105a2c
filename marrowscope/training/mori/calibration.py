"""What is set on cells kept out of training: sureness of classes, when to stop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from scipy.optimize import minimize

from marrowscope.domain.geometry import Pixels
from marrowscope.inference.grade_scale import GradeScale
from marrowscope.inference.graded_classes import Sharing, class_probabilities
from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.inference.rotations import TURNS, rises
from marrowscope.training.mori.grade_cuts import Graded
from marrowscope.training.mori.regressor_network import GradeNetwork, TurningRegressor

BATCH = 4  # cells; sixteen crops each
SURE = 0.999  # share of cells whose outputs rise no further than the margin


@torch.no_grad()
def each_turn(network: GradeNetwork, crops: Sequence[Pixels]) -> np.ndarray:
    """Outputs (N, 16, 34) of every crop in every turn."""
    turning = TurningRegressor(network).eval()
    turns = torch.from_numpy(TURNS.copy())
    parts = []
    for first in range(0, len(crops), BATCH):
        fed = normalise(crops[first : first + BATCH], Normalisation())
        turned = turning.turned(torch.from_numpy(fed), turns)
        outputs = network(turned).reshape(len(fed), len(TURNS), -1)
        parts.append(outputs.numpy())
    return np.concatenate(parts)


def fitted_sharing(cells: Graded, scale: GradeScale) -> Sharing:
    """Sharpness and decision with the least negative log-likelihood of the classes.

    Every source weighs alike: real blood, real marrow, edited and drawn cells.
    """
    outputs = scale.read(cells.outputs)
    rows = np.arange(len(cells.label))
    _, own, count = np.unique(cells.source, return_inverse=True, return_counts=True)

    def surprise(logs: np.ndarray) -> float:
        chances = class_probabilities(outputs, Sharing(*np.exp(logs).tolist()))
        each = -np.log(np.maximum(chances[rows, cells.label], 1e-6))
        return float((each / count[own]).sum())

    limits = [(-1.5, 3.5)] * 2
    found = minimize(surprise, np.ones(2), method="Nelder-Mead", bounds=limits)
    return Sharing(*np.exp(found.x).tolist())


def stopping_margins(each: np.ndarray) -> np.ndarray:
    """(3, 34) margins of sequential stopping from outputs (N, 16, 34)."""
    return rises(each, share=SURE)
