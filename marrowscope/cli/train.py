"""`marrowscope train`: a model family trained on your own labels.

Training needs PyTorch, which the program itself does without: the work is done by
``python -m marrowscope.training`` in an environment that has it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

import marrowscope
from marrowscope.domain.errors import MarrowScopeError

PYTHON = "MARROWSCOPE_TRAINING_PYTHON"
BESIDE = ".venv-training"


@click.command(
    name="train",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def command(words: tuple[str, ...]) -> None:
    """Train FAMILY (lee, mori, bmsnet) on your labels, or go over them: loop.

    marrowscope train FAMILY --data LABELS --out BUNDLE

    marrowscope train loop --cases CASE --data LABELS --model NAME --out FOLDER
    """
    python = training_python()
    root = Path(marrowscope.__file__).resolve().parents[1]
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    call = [str(python), "-m", "marrowscope.training", *(words or ("--help",))]
    with subprocess.Popen(call, env=environment) as training:
        # Ctrl-C reaches both: the training saves and ends by itself, this one waits.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(training.wait())


def training_python() -> Path:
    """An interpreter that has PyTorch. Raises MarrowScopeError with what to type."""
    for python in _candidates():
        seen = subprocess.run(
            [str(python), "-c", "import torch, torchvision, safetensors"],
            capture_output=True,
            check=False,
        )
        if seen.returncode == 0:
            return python
    raise MarrowScopeError(
        "Training needs PyTorch, which is not installed here.",
        "Type “make test-training” in the source folder once, or “pip install "
        f"'marrowscope[training]'”, or name a Python that has it in {PYTHON}.",
    )


def _candidates() -> Iterator[Path]:
    named = os.environ.get(PYTHON)
    if named:
        yield Path(named)
        return
    yield Path(sys.executable)
    root = Path(marrowscope.__file__).resolve().parents[1]
    for folder in (Path.cwd(), root):
        for place in ("bin/python", "Scripts/python.exe"):
            python = folder / BESIDE / place
            if python.is_file():
                yield python
