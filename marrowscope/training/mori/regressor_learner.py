"""How the regressor learns one batch: quartic loss, Adam at two rates."""

from __future__ import annotations

import torch

from marrowscope.training.learning import Pace, Training, set_rate, two_rates
from marrowscope.training.mori.regressor_batches import GradedBatch
from marrowscope.training.mori.regressor_network import (
    GradeNetwork,
    label_weights,
    quartic_loss,
)

# Mori et al. 2020: 1e-4 for the head, a tenth for the pretrained part, L2 1e-6.
PUBLISHED_RATE, PUBLISHED_SHARE, PUBLISHED_DECAY = 1e-4, 0.1, 1e-6


class RegressorLearner(Training[GradeNetwork]):
    """A regressor being trained."""

    def __init__(
        self, network: GradeNetwork, pace: Pace, *, kind_weight: float = 1.0
    ) -> None:
        super().__init__(network, two_rates(network, network.trunk, pace))
        self.pace = pace
        self.weights = label_weights(kind_weight=kind_weight)

    def learn(self, batch: GradedBatch, step: int) -> float:
        """One step; the loss before it. Nothing moves when it is not finite."""
        set_rate(self.optimiser, self.pace.rate_at(step))
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16):
            features = self.network.trunk(batch.crops)
        pooled = self.network.dropout(features.float().mean(dim=(2, 3)))
        outputs = self.network.graded(pooled)
        loss = quartic_loss(outputs, batch.targets, batch.known, self.weights)
        return self.step(loss, keep=self.pace.kept_at(step))
