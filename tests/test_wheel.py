"""The wheel carries its models and resources, and works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.conftest import ROOT
from tests.inference.tiny_bundle import tiny_bundle

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel unpacked into it, far from the checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", str(ROOT), "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, *build, "-w", str(folder)], check=True)
    (wheel,) = folder.glob("*.whl")
    install = ["install", "--no-deps", "--no-compile", "--target", str(folder / "site")]
    subprocess.run([*pip, *install, str(wheel)], check=True)
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder / "site"),
        "MARROWSCOPE_HOME": str(folder / "home"),
    }
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=environment,
    )


def test_it_is_the_wheels_own_code_that_runs(elsewhere: Path) -> None:
    done = run(elsewhere, "-c", "import marrowscope; print(marrowscope.__file__)")
    assert str(elsewhere) in done.stdout


def test_it_finds_its_models_and_resources(elsewhere: Path) -> None:
    done = run(elsewhere, "-m", "marrowscope.cli.main", "models")
    assert done.returncode == 0, done.stderr
    assert "lee" in done.stdout


def test_it_reads_a_picture_and_writes_the_report(elsewhere: Path) -> None:
    tiny_bundle(elsewhere / "home" / "models")
    pixels = np.full((300, 300, 3), 230, np.uint8)
    cv2.circle(pixels, (150, 150), 40, (120, 40, 75), -1)
    cv2.imwrite(str(elsewhere / "photo.png"), pixels)
    words = ("analyse", "photo.png", "--mpp", "0.2", "--out", "out")
    done = run(elsewhere, "-m", "marrowscope.cli.main", *words)
    assert done.returncode == 0, done.stderr
    assert (elsewhere / "out" / "report.pdf").stat().st_size > 0
