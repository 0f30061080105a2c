"""How the crop classifier learns from one batch; the course itself is `course.py`'s."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from marrowscope.training.course import NonFiniteLoss
from marrowscope.training.datasets.mixture import Batch
from marrowscope.training.fine_labels import FINE
from marrowscope.training.networks.crop_classifier import (
    EMBEDDING,
    CropClassifier,
    Scores,
)


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train."""

    steps: int
    batch: int = 32
    rate: float = 6e-4
    warm_up: int = 150
    weight_decay: float = 0.02
    smoothing: float = 0.05
    grade_weight: float = 3.0
    average: float = 0.997  # of the exponential moving average of the weights
    seed: int = 1
    half: bool = True  # bfloat16 where the processor has it
    frozen: int = 0  # first parts of the trunk left as they are: the costly ones


def learning_rate(step: int, plan: Plan) -> float:
    """Linear warm-up, then a cosine to a fiftieth of the rate."""
    if step < plan.warm_up:
        return plan.rate * (step + 1) / plan.warm_up
    done = (step - plan.warm_up) / max(plan.steps - plan.warm_up, 1)
    return plan.rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))


def class_loss(logits: Tensor, allowed: Tensor, smoothing: float) -> Tensor:
    """How improbable the allowed outputs (N, K) are together, mean over cells.

    A cell labelled no finer than its class asks only for the sum of that class.
    """
    logs = F.log_softmax(logits, dim=1)
    right = torch.logsumexp(logs.masked_fill(~allowed, -torch.inf), dim=1)
    return -((1 - smoothing) * right + smoothing * logs.mean(dim=1)).mean()


def grade_loss(given: Tensor, grades: Tensor) -> Tensor:
    """Squared error of the grades (N, 12); features are rare: absence must not win."""
    present = 1.0 + 3.0 * (grades > 0)
    return (present * (given - grades) ** 2).mean()


class CropLearner:
    """A crop classifier being trained, with a moving average of its weights."""

    def __init__(self, model: CropClassifier, plan: Plan) -> None:
        self.model = model.to(memory_format=torch.channels_last)
        self.model.trunk[: plan.frozen].requires_grad_(False)
        self.averaged = copy.deepcopy(self.model).eval()
        self._plan = plan
        flat = [p for p in model.parameters() if p.ndim < 2]
        full = [p for p in model.parameters() if p.ndim >= 2]
        groups = [
            {"params": full, "weight_decay": plan.weight_decay},
            {"params": flat, "weight_decay": 0.0},
        ]
        self._optimiser = torch.optim.AdamW(groups, lr=plan.rate)

    def learn(self, batch: Batch, step: int) -> float:
        """One step. Raises NonFiniteLoss before any weight moves."""
        plan = self._plan
        self.model.train()
        self.model.trunk[: plan.frozen].eval()
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate(step, plan)
        loss = self._loss(batch)
        if not torch.isfinite(loss):
            raise NonFiniteLoss(f"loss {loss.item()} at step {step}, {name_of(batch)}")
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self._optimiser.step()
        self._average(step)
        return loss.item()

    def _loss(self, batch: Batch) -> Tensor:
        plan = self._plan
        crops = torch.from_numpy(batch.crops).to(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.half):
            scores = self.model(crops)
        named = class_loss(
            scores.logits.float(), torch.from_numpy(batch.allowed), plan.smoothing
        )
        graded = grade_loss(scores.grades.float(), torch.from_numpy(batch.grades))
        return named + plan.grade_weight * graded

    @torch.no_grad()
    def _average(self, step: int) -> None:
        """Move the averaged weights a little towards the trained ones."""
        keep = min(self._plan.average, (1 + step) / (10 + step))
        trained = self.model.state_dict()
        for name, value in self.averaged.state_dict().items():
            if value.is_floating_point():
                value.lerp_(trained[name], 1.0 - keep)

    def state(self) -> dict[str, Any]:
        """Weights, averaged weights and optimiser."""
        return {
            "model": self.model.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take back what `state` gave."""
        self.model.load_state_dict(state["model"])
        self.averaged.load_state_dict(state["averaged"])
        self._optimiser.load_state_dict(state["optimiser"])


def name_of(batch: Batch) -> str:
    """How a batch is called when its loss is no number: the rows of its cells."""
    return f"cells {batch.rows.tolist()}"


@torch.no_grad()
def evaluate(model: CropClassifier, crops: np.ndarray, *, batch: int = 32) -> Scores:
    """Scores of normalised crops (N, 3, 128, 128), float32."""
    model.eval()
    parts = [
        model(
            torch.from_numpy(crops[i : i + batch]).contiguous(
                memory_format=torch.channels_last
            )
        )
        for i in range(0, len(crops), batch)
    ]
    if not parts:
        return Scores(*(torch.zeros(0, n) for n in (len(FINE), 12, EMBEDDING)))
    return Scores(*(torch.cat(values) for values in zip(*parts, strict=True)))
