"""What is set on cells kept out of training: sharpness of the classes, when to stop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from scipy.optimize import minimize_scalar

from marrowscope.domain.geometry import Pixels
from marrowscope.inference.graded_classes import class_probabilities
from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.inference.rotations import TURNS, rises
from marrowscope.training.mori.regressor_network import GradeNetwork, TurningRegressor

BATCH = 4  # cells; sixteen crops each
SURE = 0.995  # share of cells whose outputs rise no further than the margin


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


def best_sharpness(outputs: np.ndarray, truth: np.ndarray) -> float:
    """The sharpness with the least negative log-likelihood of the classes `truth` (N,).

    outputs: (N, 34) highest of all turns.
    """

    def loss(log_sharpness: float) -> float:
        chances = class_probabilities(outputs, sharpness=float(np.exp(log_sharpness)))
        chosen = chances[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chosen, 1e-6)).mean())

    found = minimize_scalar(loss, bounds=(-1.5, 2.5), method="bounded")
    return float(np.exp(found.x))


def stopping_margins(each: np.ndarray) -> np.ndarray:
    """(3, 34) margins of sequential stopping from outputs (N, 16, 34)."""
    return rises(each, share=SURE)
