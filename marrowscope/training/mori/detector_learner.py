"""How the detector learns: torchvision's losses, two rates, averaged weights."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torchvision.models.detection import FasterRCNN

from marrowscope.training.mori.field_batches import FieldBatch

HIGHEST_NORM = 5.0


@dataclass(frozen=True)
class Pace:
    """How fast: the head's rate, the pretrained part's share of it, weight decay."""

    steps: int
    rate: float = 1e-3
    pretrained_share: float = 0.25
    decay: float = 1e-4
    warm_up: int = 60
    average: float = 0.995

    def rate_at(self, step: int) -> float:
        """Linear warm-up, then a cosine to a fiftieth."""
        if step < self.warm_up:
            return self.rate * (step + 1) / self.warm_up
        done = (step - self.warm_up) / max(self.steps - self.warm_up, 1)
        return self.rate * (0.02 + 0.49 * (1 + math.cos(math.pi * min(done, 1.0))))


class DetectorLearner:
    """A detector being trained; `averaged` is the one to ship."""

    def __init__(self, network: FasterRCNN, pace: Pace) -> None:
        self.network = network
        self.averaged = copy.deepcopy(network).eval()
        self.pace = pace
        self.optimiser = two_rates(network, network.backbone.trunk, pace)

    def learn(self, batch: FieldBatch, step: int) -> float:
        """One step; the summed loss before it. Nothing moves when it is not finite."""
        set_rate(self.optimiser, self.pace.rate_at(step))
        self.network.train()
        losses = self.network(batch.images, batch.targets)
        loss = torch.stack(list(losses.values())).sum()
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


def two_rates(
    network: nn.Module, pretrained: nn.Module, pace: Pace
) -> torch.optim.Optimizer:
    """Adam with a lower rate for the pretrained part and L2 for all."""
    old = {id(p) for p in pretrained.parameters()}
    new = [p for p in network.parameters() if id(p) not in old]
    groups = [
        {"params": _learning(pretrained.parameters()), "share": pace.pretrained_share},
        {"params": _learning(new), "share": 1.0},
    ]
    return torch.optim.AdamW(groups, lr=pace.rate, weight_decay=pace.decay)


def _learning(parameters: Iterable[nn.Parameter]) -> list[nn.Parameter]:
    return [p for p in parameters if p.requires_grad]


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Give every group its share of the rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate * group["share"]


@torch.no_grad()
def follow_weights(averaged: nn.Module, network: nn.Module, *, keep: float) -> None:
    """Move the averaged weights a little towards the network's."""
    latest = network.state_dict()
    for name, value in averaged.state_dict().items():
        if value.is_floating_point():
            value.lerp_(latest[name], 1.0 - keep)
        else:
            value.copy_(latest[name])
