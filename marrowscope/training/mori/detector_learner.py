"""How the detector learns: torchvision's losses, two rates, averaged weights."""

from __future__ import annotations

import torch
from torchvision.models.detection import FasterRCNN

from marrowscope.training.learning import Pace, Training, set_rate, two_rates
from marrowscope.training.mori.field_batches import FieldBatch


class DetectorLearner(Training[FasterRCNN]):
    """A detector being trained."""

    def __init__(self, network: FasterRCNN, pace: Pace) -> None:
        super().__init__(network, two_rates(network, network.backbone.trunk, pace))
        self.pace = pace

    def learn(self, batch: FieldBatch, step: int) -> float:
        """One step; the summed loss before it. Nothing moves when it is not finite."""
        set_rate(self.optimiser, self.pace.rate_at(step))
        self.network.train()
        losses = self.network(batch.images, batch.targets)
        loss = torch.stack(list(losses.values())).sum()
        return self.step(loss, keep=self.pace.kept_at(step))
