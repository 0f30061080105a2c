"""How the locator learns one batch; the course itself is `course.py`'s."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from marrowscope.training.learning import Pace, Training, set_rate, two_rates
from marrowscope.training.locator.batches import Batch
from marrowscope.training.locator.loss import maps_loss
from marrowscope.training.locator.network import CellUNet


@dataclass(frozen=True)
class LocatorPace(Pace):
    """How fast; bfloat16 where the processor has it, unless `half` is false."""

    rate: float = 1.5e-3
    pretrained_share: float = 0.33
    decay: float = 0.01
    average: float = 0.99
    half: bool = True


class LocatorLearner(Training[CellUNet]):
    """A U-Net being trained."""

    def __init__(self, network: CellUNet, pace: LocatorPace) -> None:
        network = network.to(memory_format=torch.channels_last)
        super().__init__(network, two_rates(network, network.trunk, pace))
        self.pace = pace

    def learn(self, batch: Batch, step: int) -> float:
        """One step; the loss before it. Nothing moves when it is not finite."""
        set_rate(self.optimiser, self.pace.rate_at(step))
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.pace.half):
            logits = self.network(batch.images)
        loss = maps_loss(logits.float(), batch.targets, batch.ignore)
        return self.step(loss, keep=self.pace.kept_at(step))
