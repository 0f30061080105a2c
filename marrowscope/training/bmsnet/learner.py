"""How BMSNet learns one batch."""

from __future__ import annotations

import torch

from marrowscope.training.bmsnet.loss import Weights, loss_of
from marrowscope.training.bmsnet.network import BMSNet
from marrowscope.training.learning import Pace, Training, set_rate, two_rates
from marrowscope.training.mori.field_batches import FieldBatch

PAPER_RATE, PAPER_MOMENTUM, PAPER_DECAY = 0.005, 0.9, 1e-4


class BMSNetLearner(Training[BMSNet]):
    """A network being trained.

    `paper`: the optimiser of Wu et al. 2020 in place of our faster one.
    """

    def __init__(
        self,
        network: BMSNet,
        pace: Pace,
        *,
        paper: bool = False,
        weights: Weights | None = None,
    ) -> None:
        super().__init__(
            network,
            _as_published(network)
            if paper
            else two_rates(network, network.trunk, pace),
        )
        self.pace, self.paper = pace, paper
        self.weights = weights or Weights()

    def learn(self, batch: FieldBatch, step: int) -> float:
        """One step; the loss before it. Nothing moves when it is not finite."""
        if not self.paper:
            set_rate(self.optimiser, self.pace.rate_at(step))
        self.network.train()
        images = torch.stack(batch.images).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            maps = self.network(images)
        losses = loss_of(maps, batch.targets, self.weights)
        loss = torch.stack(list(losses.values())).sum()
        return self.step(loss, keep=self.pace.kept_at(step))


def _as_published(network: BMSNet) -> torch.optim.Optimizer:
    return torch.optim.SGD(
        network.parameters(),
        lr=PAPER_RATE,
        momentum=PAPER_MOMENTUM,
        weight_decay=PAPER_DECAY,
    )
