"""The course of any training: resumable, watched, stopped early, its curves on disk.

The families bring a `Learner`; how it learns a batch is theirs, the rest is here.
"""

from __future__ import annotations

import copy
import csv
import logging
import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch

from marrowscope.training.watching import Watch, interruptions, watched

log = logging.getLogger(__name__)

CHECKPOINT, CURVE = "checkpoint.pt", "curve.csv"
Batch = TypeVar("Batch")
BatchIn = TypeVar("BatchIn", contravariant=True)


class NonFiniteLoss(RuntimeError):
    """The loss became NaN or infinite; the message names the batch."""


class Learner(Protocol[BatchIn]):
    """A network being trained. `learn` makes one step and returns its loss; it must
    raise or return a non-finite loss before any weight has moved.
    """

    def learn(self, batch: BatchIn, step: int) -> float: ...

    def state(self) -> dict[str, Any]: ...

    def restore(self, state: dict[str, Any]) -> None: ...


@dataclass(frozen=True)
class Course:
    """How long to train, and how often to save and to look.

    `check_every` 0: never look. `patience`: looks without a better score before the
    training ends early, 0 for never.
    """

    steps: int
    save_every: int = 100
    check_every: int = 0
    patience: int = 0


@dataclass
class Progress:
    """Where a course stands; kept in the checkpoint."""

    step: int = 0
    recent: float = 0.0
    best: float = -math.inf
    best_step: int = 0
    best_state: dict[str, Any] | None = None
    stale: int = 0


def follow(
    learner: Learner[Batch],
    batch_of: Callable[[int], Batch],
    *,
    course: Course,
    folder: Path,
    check: Callable[[], float] | None = None,
    name: Callable[[Batch], str] = repr,
) -> Progress:
    """Train to the end of the course, from its checkpoint in `folder` if there is one.

    batch_of: the batch of a step, the same whenever asked for (seeded by the step); the
        next one is made on another thread meanwhile.
    check: a validation score, more is better; the best state is restored at the end.
    name: how to call a batch when its loss is not finite.

    Raises NonFiniteLoss, naming the batch; the last checkpoint stays as it was.
    Ctrl-C ends the step, saves, and raises KeyboardInterrupt, which says where.
    """
    folder.mkdir(parents=True, exist_ok=True)
    progress = resumed(learner, folder / CHECKPOINT)
    with watched(progress.step, course.steps) as watch, interruptions() as asked:
        for step, batch in ahead(batch_of, progress.step, course.steps):
            loss = learner.learn(batch, step)
            if not math.isfinite(loss):
                raise NonFiniteLoss(f"loss {loss} at step {step}, batch {name(batch)}")
            note_loss(progress, loss)
            watch.seen(progress.step, progress.recent)
            if _after_step(learner, progress, course, folder, check, watch):
                break
            if asked():
                save(learner, progress, folder / CHECKPOINT)
                raise KeyboardInterrupt(f"step {progress.step} of {course.steps}")
    if progress.best_state is not None:
        learner.restore(progress.best_state)
    return progress


def _after_step(
    learner: Learner[Any],
    progress: Progress,
    course: Course,
    folder: Path,
    check: Callable[[], float] | None,
    watch: Watch,
) -> bool:
    """Look, save and note where due; True when the course ends early."""
    last = progress.step == course.steps
    score = None
    if (
        check
        and course.check_every
        and (last or not progress.step % course.check_every)
    ):
        score = check()
        note_score(learner, progress, score)
    if last or progress.step % course.save_every == 0 or score is not None:
        write_curve(folder / CURVE, progress, score)
        save(learner, progress, folder / CHECKPOINT)
        watch.tell(progress.step, progress.recent, score)
    return bool(course.patience) and progress.stale >= course.patience


def note_loss(progress: Progress, loss: float) -> None:
    """One step more, and its loss among the recent ones."""
    first = progress.step == 0
    progress.recent = loss if first else 0.98 * progress.recent + 0.02 * loss
    progress.step += 1


def note_score(learner: Learner[Any], progress: Progress, score: float) -> None:
    """Remember the state when it is the best so far."""
    progress.stale += 1
    if score > progress.best:
        progress.best, progress.best_step = score, progress.step
        progress.best_state, progress.stale = copy.deepcopy(learner.state()), 0


def ahead(
    batch_of: Callable[[int], Batch], first: int, steps: int
) -> Iterator[tuple[int, Batch]]:
    """Steps and their batches, the next batch made while this one is learned."""
    with ThreadPoolExecutor(1) as maker:
        pending = maker.submit(batch_of, first) if first < steps else None
        for step in range(first, steps):
            batch = pending.result()
            pending = maker.submit(batch_of, step + 1) if step + 1 < steps else None
            yield step, batch


def write_curve(path: Path, progress: Progress, score: float | None) -> None:
    """Append step, smoothed loss and score; the file is the loss curve."""
    fresh = not path.is_file()
    with path.open("a", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        if fresh:
            rows.writerow(("step", "loss", "score"))
        rows.writerow((progress.step, f"{progress.recent:.6f}", score))


def save(learner: Learner[Any], progress: Progress, path: Path) -> None:
    """Write everything needed to go on; a kill at any moment leaves a whole file."""
    unfinished = path.with_suffix(".part")
    torch.save({"progress": vars(progress), "learner": learner.state()}, unfinished)
    unfinished.replace(path)


def resumed(learner: Learner[Any], path: Path) -> Progress:
    """The progress in `path`, the learner brought to it; a fresh one without a file."""
    if not path.is_file():
        return Progress()
    stored = torch.load(path, weights_only=True)
    learner.restore(stored["learner"])
    log.info("resumed %s at step %d", path, stored["progress"]["step"])
    return Progress(**stored["progress"])
