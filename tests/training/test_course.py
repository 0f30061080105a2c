"""A course goes on after a kill as if nothing had been, and stops when it should."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from marrowscope.training.course import (  # noqa: E402
    CHECKPOINT,
    CURVE,
    Course,
    NonFiniteLoss,
    follow,
)

pytestmark = pytest.mark.training
STEPS = 40


class Line:
    """A straight line fitted by Adam; `killed_at`: the step at which the power goes."""

    def __init__(self, *, killed_at: int | None = None) -> None:
        torch.manual_seed(4)
        self.network = torch.nn.Linear(3, 1)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=0.05)
        self.killed_at = killed_at

    def learn(self, batch: Any, step: int) -> float:
        if step == self.killed_at:
            os.kill(os.getpid(), signal.SIGKILL)
        loss = (self.network(batch) - batch.sum(dim=1, keepdim=True)).square().mean()
        if not torch.isfinite(loss):
            return loss.item()
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        return loss.item()

    def state(self) -> dict[str, Any]:
        network, optimiser = self.network.state_dict(), self.optimiser.state_dict()
        return {"network": network, "optimiser": optimiser}

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])


def seeded(step: int) -> Any:
    return torch.randn(8, 3, generator=torch.Generator().manual_seed(step))


def weights(line: Line) -> list[float]:
    return [value for row in line.network.parameters() for value in row.view(-1)]


def run(folder: Path, *, killed_at: int | None = None) -> Line:
    line = Line(killed_at=killed_at)
    follow(line, seeded, course=Course(STEPS, save_every=10), folder=folder)
    return line


def test_a_course_killed_and_resumed_equals_an_uninterrupted_one(tmp_path):
    call = (
        "from pathlib import Path; from tests.training.test_course import run; "
        f"run(Path({str(tmp_path / 'killed')!r}), killed_at=27)"
    )
    killed = subprocess.run([sys.executable, "-c", call], check=False)
    assert killed.returncode == -signal.SIGKILL
    stored = torch.load(tmp_path / "killed" / CHECKPOINT, weights_only=True)
    assert stored["progress"]["step"] == 20
    resumed, whole = run(tmp_path / "killed"), run(tmp_path / "whole")
    assert weights(resumed) == weights(whole)
    curves = [(tmp_path / name / CURVE).read_text() for name in ("killed", "whole")]
    assert curves[0] == curves[1]


def test_a_finished_course_is_not_trained_again(tmp_path):
    first = run(tmp_path)
    again = run(tmp_path, killed_at=0)
    assert weights(first) == weights(again)


def test_a_course_without_a_better_look_ends_early_at_its_best(tmp_path):
    line = Line()
    scores = iter([0.5, 0.9, 0.8, 0.7, 0.99])
    seen: list[list[float]] = []

    def look() -> float:
        seen.append(weights(line))
        return next(scores)

    course = Course(STEPS, check_every=5, patience=2)
    progress = follow(line, seeded, course=course, folder=tmp_path, check=look)
    assert (progress.step, progress.best, progress.best_step) == (20, 0.9, 10)
    assert weights(line) == seen[1]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_loss_that_is_no_number_names_the_batch_and_spoils_nothing(tmp_path, bad):
    def poisoned(step: int) -> Any:
        return seeded(step) * (bad if step == 13 else 1.0)

    def name(batch: Any) -> str:
        return "smear 7, cells 4 to 12" if not torch.isfinite(batch).all() else "?"

    course = Course(STEPS, save_every=10)
    with pytest.raises(NonFiniteLoss, match="step 13, batch smear 7, cells 4 to 12"):
        follow(Line(), poisoned, course=course, folder=tmp_path, name=name)
    stored = torch.load(tmp_path / CHECKPOINT, weights_only=True)
    assert stored["progress"]["step"] == 10
    assert all(torch.isfinite(v).all() for v in stored["learner"]["network"].values())
