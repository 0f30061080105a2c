"""How BMSNet learns one batch."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn

from marrowscope.training.bmsnet.loss import Weights, loss_of
from marrowscope.training.bmsnet.network import BMSNet
from marrowscope.training.mori.detector_learner import (
    HIGHEST_NORM,
    Pace,
    follow_weights,
    set_rate,
    two_rates,
)
from marrowscope.training.mori.field_batches import FieldBatch

PAPER_RATE, PAPER_MOMENTUM, PAPER_DECAY = 0.005, 0.9, 1e-4


class BMSNetLearner:
    """A network being trained; `averaged` is the one to ship.

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
        self.network = network
        self.averaged = copy.deepcopy(network).eval()
        self.pace, self.paper = pace, paper
        self.weights = weights or Weights()
        self.optimiser = (
            torch.optim.SGD(
                network.parameters(),
                lr=PAPER_RATE,
                momentum=PAPER_MOMENTUM,
                weight_decay=PAPER_DECAY,
            )
            if paper
            else two_rates(network, network.trunk, pace)
        )

    def learn(self, batch: FieldBatch, step: int) -> float:
        """One step; the loss before it. Nothing moves when it is not finite."""
        if not self.paper:
            set_rate(self.optimiser, self.pace.rate_at(step))
        self.network.train()
        images = torch.stack(batch.images).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            maps = self.network(images)
        loss = torch.stack(
            list(loss_of(maps, batch.targets, self.weights).values())
        ).sum()
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
