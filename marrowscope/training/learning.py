"""How weights move, in every family: one step of an optimiser, and their average."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

HIGHEST_NORM = 5.0
LEAST_RATE = 0.02  # of the full rate, at the end of a course

Network = TypeVar("Network", bound=nn.Module)


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
        """The head's rate at a step."""
        return warmed_cosine(
            step, steps=self.steps, rate=self.rate, warm_up=self.warm_up
        )

    def kept_at(self, step: int) -> float:
        """How much of the averaged weights stays at a step: less at the beginning."""
        return min(self.average, (step + 1) / (step + 11))


def warmed_cosine(step: int, *, steps: int, rate: float, warm_up: int) -> float:
    """Linear warm-up, then a cosine to a fiftieth of the rate."""
    if step < warm_up:
        return rate * (step + 1) / warm_up
    done = min((step - warm_up) / max(steps - warm_up, 1), 1.0)
    return rate * (LEAST_RATE + (1 - LEAST_RATE) * 0.5 * (1 + math.cos(math.pi * done)))


class Training(Generic[Network]):
    """A network, its optimiser and the moving average of its weights, which is the one
    to ship."""

    def __init__(self, network: Network, optimiser: torch.optim.Optimizer) -> None:
        self.network = network
        self.averaged = copy.deepcopy(network).eval()
        self.optimiser = optimiser

    def step(self, loss: Tensor, *, keep: float) -> float:
        """One step; the loss before it. Nothing moves when it is not finite.

        keep: how much of the averaged weights stays.
        """
        if not torch.isfinite(loss):
            return loss.item()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), HIGHEST_NORM)
        self.optimiser.step()
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
    """Give every group its share of the rate, all of it where none is told."""
    for group in optimiser.param_groups:
        group["lr"] = rate * group.get("share", 1.0)


@torch.no_grad()
def follow_weights(averaged: nn.Module, network: nn.Module, *, keep: float) -> None:
    """Move the averaged weights a little towards the network's."""
    latest = network.state_dict()
    for name, value in averaged.state_dict().items():
        if value.is_floating_point():
            value.lerp_(latest[name], 1.0 - keep)
        else:
            value.copy_(latest[name])
