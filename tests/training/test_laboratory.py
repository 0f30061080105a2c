"""A working folder belongs to one training, and a killed one goes on by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")

from marrowscope.domain.errors import MarrowScopeError  # noqa: E402
from marrowscope.inference.bundle import load_bundle  # noqa: E402
from marrowscope.training import laboratory  # noqa: E402
from marrowscope.training.__main__ import arguments  # noqa: E402
from marrowscope.training.course import CHECKPOINT, NonFiniteLoss  # noqa: E402
from marrowscope.training.labels import CLASSES  # noqa: E402
from marrowscope.training.laboratory import claim  # noqa: E402
from marrowscope.training.measuring import plain_crop  # noqa: E402
from marrowscope.training.reading.labelled import (  # noqa: E402
    Label,
    LabelledCrop,
    LabelledData,
)

pytestmark = pytest.mark.training


def test_a_working_folder_is_not_shared_by_two_trainings(tmp_path):
    given = arguments(["lee", "--data", "x", "--out", "y", "--steps", "10"])
    data = LabelledData((LabelledCrop(Path("a.png"), Label("EN"), "lab"),))
    other = LabelledData((LabelledCrop(Path("a.png"), Label("GN"), "lab"),))
    claim(tmp_path / "work", given, data)
    given.steps = 20
    claim(tmp_path / "work", given, data)
    with pytest.raises(MarrowScopeError, match="other labels"):
        claim(tmp_path / "work", given, other)
    given.fold = 1
    with pytest.raises(MarrowScopeError, match="other options"):
        claim(tmp_path / "work", given, data)


def test_a_loss_that_is_no_number_is_one_sentence(tmp_path, monkeypatch):
    def poisoned(*_: object) -> None:
        raise NonFiniteLoss("loss nan at step 3, batch a.png")

    monkeypatch.setattr(laboratory, "_lee", poisoned)
    given = arguments(["lee", "--data", "x", "--out", "y", "--work", str(tmp_path)])
    with pytest.raises(MarrowScopeError, match="step 3, batch a.png"):
        laboratory.train(given, LabelledData())


def folders(data: Path, cells) -> Path:
    """Sixty pictures of drawn cells, each its own, in one folder per class."""
    for number in range(60):
        cell = number % len(cells)
        folder = data / CLASSES[cells.label[cell]]
        folder.mkdir(parents=True, exist_ok=True)
        crop = plain_crop(cells.canvas[cell])
        crop[0, 0] = number
        cv2.imwrite(
            str(folder / f"{number}.png"), np.ascontiguousarray(crop[..., ::-1])
        )
    return data


@pytest.mark.slow
def test_the_command_is_killed_resumed_and_ends_in_a_bundle(tmp_path, few_cells):
    work, out = tmp_path / "work", tmp_path / "our lee"
    call = [sys.executable, "-m", "marrowscope.cli.main", "train", "lee"]
    call += ["--data", str(folders(tmp_path / "cells", few_cells)), "--out", str(out)]
    call += ["--work", str(work), "--steps", "4", "--fields", "1", "--folds", "3"]
    running = subprocess.Popen(call, start_new_session=True)
    while not (work / "real_train" / "dyes.npy").is_file() and running.poll() is None:
        time.sleep(0.2)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert not out.exists()
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert load_bundle(out).name == "our lee"
    assert list(work.rglob(CHECKPOINT))
    assert list(work.rglob("curve.png"))


def test_a_new_bundle_brings_no_precision_of_other_weights(tmp_path):
    like = tmp_path / "like"
    like.mkdir()
    (like / "bundle.toml").write_text(
        'name = "like"\n\n[variants.classifier.int8]\npath = "classifier-int8.onnx"\n\n'
        '[training]\nsummary = "theirs"\n'
    )
    laboratory.begin(tmp_path / "ours", like, LabelledData())
    said = tomllib.loads((tmp_path / "ours" / "bundle.toml").read_text())
    assert said.keys() == {"name", "training"}
    assert said["name"] == "ours"
