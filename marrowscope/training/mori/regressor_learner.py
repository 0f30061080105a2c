"""How the regressor learns one batch: quartic loss, Adam at two rates."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn

from marrowscope.training.mori.detector_learner import (
    HIGHEST_NORM,
    Pace,
    follow_weights,
    set_rate,
    two_rates,
)
from marrowscope.training.mori.regressor_batches import GradedBatch
from marrowscope.training.mori.regressor_network import (
    GradeNetwork,
    label_weights,
    quartic_loss,
)

# Mori et al. 2020: 1e-4 for the head, a tenth for the pretrained part, L2 1e-6.
PUBLISHED_RATE, PUBLISHED_SHARE, PUBLISHED_DECAY = 1e-4, 0.1, 1e-6


class RegressorLearner:
    """A regressor being trained; `averaged` is the one to ship."""

    def __init__(
        self, network: GradeNetwork, pace: Pace, *, kind_weight: float = 1.0
    ) -> None:
        self.network = network
        self.averaged = copy.deepcopy(network).eval()
        self.pace = pace
        self.weights = label_weights(kind_weight=kind_weight)
        self.optimiser = two_rates(network, network.trunk, pace)

    def learn(self, batch: GradedBatch, step: int) -> float:
        """One step; the loss before it. Nothing moves when it is not finite."""
        set_rate(self.optimiser, self.pace.rate_at(step))
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16):
            features = self.network.trunk(batch.crops)
        pooled = self.network.dropout(features.float().mean(dim=(2, 3)))
        outputs = self.network.graded(pooled)
        loss = quartic_loss(outputs, batch.targets, batch.known, self.weights)
        if not torch.isfinite(loss):
            return loss.item()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), HIGHEST_NORM)
        self.optimiser.step()
        keep = min(self.pace.average, (step + 1) / (step + 11))
        follow_weights(self.averaged, self.network, keep=keep)
        return loss.item()

    def state(self) -> dict[str, Any]:
        """Everything needed to go on."""
        return {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Back to a state given by `state`."""
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimiser.load_state_dict(state["optimiser"])
