"""The training loop, on the page."""

from __future__ import annotations

import copy
import logging
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from marrowscope.training.datasets.mixture import Batch, Mixture
from marrowscope.training.labels import CLASSES
from marrowscope.training.networks.crop_classifier import CropClassifier, Scores
from marrowscope.training.recipes import Recipe

log = logging.getLogger(__name__)


class NonFiniteLoss(RuntimeError):
    """The loss became NaN or infinite; the message names the batch."""


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


@dataclass
class Training:
    """Everything a training run needs to go on where it stopped."""

    model: CropClassifier
    averaged: CropClassifier
    optimiser: torch.optim.Optimizer
    step: int = 0


def start(model: CropClassifier, plan: Plan) -> Training:
    """A fresh run of `model`."""
    model = model.to(memory_format=torch.channels_last)
    model.trunk[: plan.frozen].requires_grad_(False)
    flat = [p for p in model.parameters() if p.ndim < 2]
    full = [p for p in model.parameters() if p.ndim >= 2]
    groups = [
        {"params": full, "weight_decay": plan.weight_decay},
        {"params": flat, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=plan.rate)
    return Training(model, copy.deepcopy(model).eval(), optimiser)


def learning_rate(step: int, plan: Plan) -> float:
    """Linear warm-up, then a cosine to a fiftieth of the rate."""
    if step < plan.warm_up:
        return plan.rate * (step + 1) / plan.warm_up
    done = (step - plan.warm_up) / max(plan.steps - plan.warm_up, 1)
    return plan.rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))


def loss_of(scores: Scores, labels: Tensor, grades: Tensor, plan: Plan) -> Tensor:
    """Cross-entropy of the class plus the squared error of the grades."""
    classes = F.cross_entropy(scores.logits, labels, label_smoothing=plan.smoothing)
    present = 1.0 + 3.0 * (grades > 0)  # features are rare: absence must not win
    graded = (present * (scores.grades - grades) ** 2).mean(dim=1).mean()
    return classes + plan.grade_weight * graded


def batches(
    mixture: Mixture, plan: Plan, recipe: Recipe, first: int
) -> Iterator[tuple[int, Batch]]:
    """Batches from step `first` to the plan's end, the next one drawn meanwhile."""
    with ThreadPoolExecutor(1) as ahead:

        def draw(step: int):
            seed = (plan.seed, step)
            return ahead.submit(mixture.batch, plan.batch, recipe=recipe, seed=seed)

        pending = draw(first)
        for step in range(first, plan.steps):
            batch = pending.result()
            pending = draw(step + 1)
            yield step, batch


def train_step(run: Training, batch: Batch, plan: Plan) -> float:
    """One step; returns the loss. Raises NonFiniteLoss before any weight moves."""
    run.model.train()
    run.model.trunk[: plan.frozen].eval()
    for group in run.optimiser.param_groups:
        group["lr"] = learning_rate(run.step, plan)
    crops = torch.from_numpy(batch.crops).to(memory_format=torch.channels_last)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.half):
        scores = run.model(crops)
    scores = Scores(scores.logits.float(), scores.grades.float())
    labels, grades = torch.from_numpy(batch.labels), torch.from_numpy(batch.grades)
    loss = loss_of(scores, labels, grades, plan)
    if not torch.isfinite(loss):
        rows = batch.rows.tolist()
        raise NonFiniteLoss(f"loss {loss.item()} at step {run.step}, cells {rows}")
    run.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(run.model.parameters(), 5.0)
    run.optimiser.step()
    average(run, plan)
    run.step += 1
    return loss.item()


@torch.no_grad()
def average(run: Training, plan: Plan) -> None:
    """Move the averaged weights a little towards the trained ones."""
    keep = min(plan.average, (1 + run.step) / (10 + run.step))
    trained = run.model.state_dict()
    for name, value in run.averaged.state_dict().items():
        if value.is_floating_point():
            value.lerp_(trained[name], 1.0 - keep)


def train(
    run: Training, mixture: Mixture, *, plan: Plan, recipe: Recipe
) -> Iterator[tuple[int, float]]:
    """Train to the plan's end, yielding step and loss after each step."""
    for step, batch in batches(mixture, plan, recipe, run.step):
        yield step, train_step(run, batch, plan)


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
        empty = torch.zeros(0, len(CLASSES))
        return Scores(empty, torch.zeros(0, 12))
    return Scores(*(torch.cat(values) for values in zip(*parts, strict=True)))
