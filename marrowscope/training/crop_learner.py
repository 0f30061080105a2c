"""How the crop classifier learns from one batch; the course itself is `course.py`'s."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from marrowscope.training.datasets.mixture import Batch
from marrowscope.training.fine_labels import FINE
from marrowscope.training.learning import Training, set_rate, warmed_cosine
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

    def rate_at(self, step: int) -> float:
        """The rate at a step."""
        return warmed_cosine(
            step, steps=self.steps, rate=self.rate, warm_up=self.warm_up
        )


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


class CropLearner(Training[CropClassifier]):
    """A crop classifier being trained."""

    def __init__(self, model: CropClassifier, plan: Plan) -> None:
        model = model.to(memory_format=torch.channels_last)
        model.trunk[: plan.frozen].requires_grad_(False)
        super().__init__(model, two_decays(model, plan))
        self._plan = plan

    def learn(self, batch: Batch, step: int) -> float:
        """One step; the loss before it. Nothing moves when it is not finite."""
        plan = self._plan
        self.network.train()
        self.network.trunk[: plan.frozen].eval()
        set_rate(self.optimiser, plan.rate_at(step))
        keep = min(plan.average, (1 + step) / (10 + step))
        return self.step(self._loss(batch), keep=keep)

    def _loss(self, batch: Batch) -> Tensor:
        plan = self._plan
        crops = torch.from_numpy(batch.crops).to(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.half):
            scores = self.network(crops)
        named = class_loss(
            scores.logits.float(), torch.from_numpy(batch.allowed), plan.smoothing
        )
        graded = grade_loss(scores.grades.float(), torch.from_numpy(batch.grades))
        return named + plan.grade_weight * graded


def two_decays(model: CropClassifier, plan: Plan) -> torch.optim.Optimizer:
    """AdamW that leaves biases and normalisations undecayed."""
    flat = [p for p in model.parameters() if p.ndim < 2]
    full = [p for p in model.parameters() if p.ndim >= 2]
    groups = [
        {"params": full, "weight_decay": plan.weight_decay},
        {"params": flat, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=plan.rate)


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
