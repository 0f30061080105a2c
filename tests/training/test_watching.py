"""A training can be watched on a terminal, in a log, and stopped with Ctrl-C."""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

torch = pytest.importorskip("torch")

from marrowscope.training import __main__ as command  # noqa: E402
from marrowscope.training.course import CHECKPOINT, Course, follow  # noqa: E402
from marrowscope.training.watching import interruptions, watched  # noqa: E402
from tests.training.test_course import STEPS, Line, run, seeded, weights  # noqa: E402

pytestmark = pytest.mark.training


@pytest.fixture(autouse=True)
def _ctrl_c_heeded():
    """Also in a job begun in the background, whose shell lets it ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Interrupted(Line):
    """A line during whose fourteenth step somebody presses Ctrl-C."""

    def learn(self, batch: Any, step: int) -> float:
        if step == 13:
            os.kill(os.getpid(), signal.SIGINT)
        return super().learn(batch, step)


def test_ctrl_c_saves_the_step_and_the_course_goes_on_from_it(tmp_path):
    course = Course(STEPS, save_every=10)
    with pytest.raises(KeyboardInterrupt, match="step 14 of 40"):
        follow(Interrupted(), seeded, course=course, folder=tmp_path / "stopped")
    stored = torch.load(tmp_path / "stopped" / CHECKPOINT, weights_only=True)
    assert stored["progress"]["step"] == 14
    assert weights(run(tmp_path / "stopped")) == weights(run(tmp_path / "whole"))


def test_a_second_ctrl_c_interrupts_at_once():
    with interruptions() as asked:
        signal.raise_signal(signal.SIGINT)
        assert asked()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_an_interrupted_training_ends_with_one_sentence_and_130(
    tmp_path, monkeypatch, capsys
):
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt("step 14 of 40")

    monkeypatch.setattr(command, "gather", stopped)
    call = ["lee", "--data", str(tmp_path), "--out", str(tmp_path / "b")]
    assert command.main(call) == 130
    said = capsys.readouterr().err
    assert said == "Stopped at step 14 of 40; the same command goes on from there.\n"


LONG = """
import sys
from pathlib import Path
from marrowscope.training import __main__ as command
from tests.training.test_course import Course, Line, follow, seeded
def train(*_, **__):
    print("begun", flush=True)
    follow(Line(), seeded, course=Course(10**9), folder=Path({folder!r}))
command.gather = train
sys.exit(command.main(["lee", "--data", "x", "--out", "y"]))
"""


def test_ctrl_c_in_a_shell_ends_the_process_with_130(tmp_path):
    program = LONG.format(folder=str(tmp_path))
    running = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    assert running.stdout.readline().strip() == b"begun"
    while not (tmp_path / CHECKPOINT).is_file():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.decode().count("\n") == 1
    assert "Stopped at step" in said.decode()


def test_a_terminal_shows_steps_loss_rate_and_time_left():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120)
    with watched(10, 40, console=console) as watch:
        watch.seen(20, 0.5)
        watch.tell(20, 0.5, 0.75)
    shown = screen.getvalue()
    for part in ("20/40", "loss 0.5000", "steps/s", "score 0.7500"):
        assert part in shown


def test_a_log_gets_plain_lines(caplog):
    screen = io.StringIO()
    with (
        caplog.at_level(logging.INFO),
        watched(0, 40, console=Console(file=screen)) as watch,
    ):
        watch.seen(20, 0.5)
        watch.tell(20, 0.5, None)
    (line,) = caplog.messages
    assert line.startswith("step 20 of 40, loss 0.5000, ")
    assert line.endswith(" left")
    assert screen.getvalue() == ""


def test_the_program_waits_for_a_training_that_is_being_stopped(tmp_path):
    """Ctrl-C in a shell goes to the program and to the training it began."""
    training = tmp_path / "python"
    training.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = "-c" ]; then exit 0; fi\n'
        "trap 'sleep 1; exit 130' INT\n"
        "echo begun\nwhile :; do sleep 0.1; done\n"
    )
    training.chmod(0o755)
    running = subprocess.Popen(
        [sys.executable, "-m", "marrowscope.cli.main", "train", "lee"],
        env={**os.environ, "MARROWSCOPE_TRAINING_PYTHON": str(training)},
        stdout=subprocess.PIPE,
        start_new_session=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert running.stdout is not None
    assert running.stdout.readline().strip() == b"begun"
    os.killpg(running.pid, signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode == 130
