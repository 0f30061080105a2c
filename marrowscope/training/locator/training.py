"""The locator's training run: resumable, logged, stopped by the first bad loss."""

from __future__ import annotations

import copy
import logging
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from marrowscope.training.course import NonFiniteLoss
from marrowscope.training.locator.batches import Batch, Pools, batches
from marrowscope.training.locator.loss import maps_loss
from marrowscope.training.locator.network import CellUNet

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train."""

    steps: int
    batch: int = 12
    size: int = 192  # a 288 px field then shrinks to two thirds
    rate: float = 1.5e-3
    warm_up: int = 60
    weight_decay: float = 0.01
    average: float = 0.99  # of the exponential moving average of the weights
    half: bool = True  # bfloat16 where the processor has it
    save_every: int = 100


@dataclass
class Run:
    """Everything a run needs to go on where it stopped."""

    network: CellUNet
    averaged: CellUNet
    optimiser: torch.optim.Optimizer
    step: int = 0


def start(network: CellUNet, schedule: Schedule) -> Run:
    """A fresh run; the trunk learns at a third of the decoder's rate."""
    network = network.to(memory_format=torch.channels_last)
    trunk = {id(parameter) for parameter in network.trunk.parameters()}
    new = [p for p in network.parameters() if id(p) not in trunk]
    groups = [
        {"params": list(network.trunk.parameters()), "share": 0.33},
        {"params": new, "share": 1.0},
    ]
    optimiser = torch.optim.AdamW(
        groups, lr=schedule.rate, weight_decay=schedule.weight_decay
    )
    return Run(network, copy.deepcopy(network).eval(), optimiser)


def learning_rate(step: int, schedule: Schedule) -> float:
    """Linear warm-up, then a cosine to a fiftieth of the rate."""
    if step < schedule.warm_up:
        return schedule.rate * (step + 1) / schedule.warm_up
    done = (step - schedule.warm_up) / max(schedule.steps - schedule.warm_up, 1)
    return schedule.rate * (
        0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
    )


def train(run: Run, pools: Pools, schedule: Schedule, *, checkpoint: Path) -> None:
    """Train up to the schedule's last step, saving the run as it goes.

    Raises NonFiniteLoss, naming the pictures of the batch, when a loss is NaN or
    infinite; the checkpoint then still holds the last good state.
    """
    coming = batches(
        pools,
        first=run.step,
        last=schedule.steps,
        count=schedule.batch,
        size=schedule.size,
    )
    losses: list[float] = []
    for batch in coming:
        losses.append(train_step(run, batch, schedule))
        if run.step % 20 == 0:
            log.info("step %d loss %.4f", run.step, float(np.mean(losses[-20:])))
        if run.step % schedule.save_every == 0 or run.step == schedule.steps:
            save_run(run, checkpoint)


def train_step(run: Run, batch: Batch, schedule: Schedule) -> float:
    """One step of the optimiser; the loss before it."""
    for group in run.optimiser.param_groups:
        group["lr"] = learning_rate(run.step, schedule) * group["share"]
    run.network.train()
    with torch.autocast("cpu", torch.bfloat16, enabled=schedule.half):
        logits = run.network(batch.images)
    loss = maps_loss(logits.float(), batch.targets, batch.ignore)
    if not torch.isfinite(loss):
        raise NonFiniteLoss(
            f"loss {loss.item()} at step {run.step} on {', '.join(batch.names)}"
        )
    run.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), 5.0)
    run.optimiser.step()
    run.step += 1
    average(run, min(schedule.average, run.step / (run.step + 10)))
    return loss.item()


def average(run: Run, keep: float) -> None:
    """Move the averaged weights a little towards the network's."""
    with torch.no_grad():
        latest = run.network.state_dict()
        for name, value in run.averaged.state_dict().items():
            if value.is_floating_point():
                value.lerp_(latest[name], 1.0 - keep)
            else:
                value.copy_(latest[name])


def save_run(run: Run, path: Path) -> None:
    """Write the run; a kill at any moment leaves a whole file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    state: dict[str, object] = {
        "network": run.network.state_dict(),
        "averaged": run.averaged.state_dict(),
        "optimiser": run.optimiser.state_dict(),
        "step": run.step,
    }
    torch.save(state, unfinished)
    unfinished.replace(path)


def resume_run(run: Run, path: Path) -> bool:
    """Bring `run` to the state in `path`; False when there is none."""
    if not path.is_file():
        return False
    state = torch.load(path, weights_only=True)
    run.network.load_state_dict(state["network"])
    run.averaged.load_state_dict(state["averaged"])
    run.optimiser.load_state_dict(state["optimiser"])
    run.step = int(state["step"])
    log.info("resumed %s at step %d", path, run.step)
    return True
