"""A new last layer on a frozen network: seconds of training, so a doctor can wait.

The layer starts as the bundle's own: its log-probabilities plus a linear correction of
the embedding, which a ridge pulls towards none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import log_softmax, logsumexp
from torch import Tensor

from marrowscope.training.fine_labels import CLASS_INDEX
from marrowscope.training.labels import CLASSES
from marrowscope.training.loop.evidence import Evidence

Floats = NDArray[np.float64]
PULLS = (0.1, 0.01, 0.001)  # tried by cross-validation
STEPS = 100


@dataclass(frozen=True)
class Head:
    """`weights` (D, K) and `bias` (K,) on features less `mean`, over `spread` (D,)."""

    weights: Floats
    bias: Floats
    mean: Floats
    spread: Floats

    def logits(self, evidence: Evidence) -> Floats:
        """(N, K) scores of the finer outputs."""
        features = (evidence.features - self.mean) / self.spread
        return evidence.base + features @ self.weights + self.bias


def fitted(evidence: Evidence, allowed: NDArray[np.bool_], *, pull: float) -> Head:
    """The head after all cells; allowed (N, K): outputs that are right for each."""
    mean, spread = evidence.features.mean(axis=0), evidence.features.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    features = torch.from_numpy((evidence.features - mean) / spread)
    base, right = torch.from_numpy(evidence.base), torch.from_numpy(allowed)
    weights = torch.zeros(features.shape[1], base.shape[1], dtype=torch.float64)
    bias = torch.zeros(base.shape[1], dtype=torch.float64)
    free = [weights.requires_grad_(), bias.requires_grad_()]
    optimiser = torch.optim.LBFGS(free, max_iter=STEPS, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        logs = torch.log_softmax(base + features @ weights + bias, dim=1)
        told = torch.logsumexp(logs.masked_fill(~right, -torch.inf), dim=1)
        loss = pull * (weights.square().sum() + bias.square().sum()) - told.mean()
        loss.backward()
        return loss

    optimiser.step(closure)
    return Head(weights.detach().numpy(), bias.detach().numpy(), mean, spread)


def out_of_sample(
    evidence: Evidence,
    allowed: NDArray[np.bool_],
    folds: Sequence[int],
    *,
    pull: float,
) -> Floats:
    """(N, K) scores of each cell by the head that was fitted without its fold."""
    fold = np.asarray(folds)
    logits = np.zeros_like(evidence.base)
    for held_out in np.unique(fold):
        known = fold != held_out
        head = fitted(evidence.take(known), allowed[known], pull=pull)
        logits[~known] = head.logits(evidence.take(~known))
    return logits


def best_pull(
    evidence: Evidence, allowed: NDArray[np.bool_], folds: Sequence[int]
) -> tuple[float, Floats]:
    """The ridge under which labels kept out are least surprising, and its scores."""
    tried = {p: out_of_sample(evidence, allowed, folds, pull=p) for p in PULLS}
    pull = min(tried, key=lambda p: surprise(tried[p], allowed))
    return pull, tried[pull]


def surprise(logits: Floats, allowed: NDArray[np.bool_]) -> float:
    """Mean negative log-probability of what is allowed."""
    logs = np.where(allowed, log_softmax(logits, axis=1), -np.inf)
    return float(-logsumexp(logs, axis=1).mean())


def class_probabilities(logits: Floats) -> Floats:
    """(N, 8) of the classes, the sums of their finer outputs."""
    finer = np.exp(log_softmax(logits, axis=1))
    members = np.arange(len(CLASSES))[:, None] == CLASS_INDEX
    return finer @ members.T.astype(np.float64)
