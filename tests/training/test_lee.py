from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.families.lee import load_lee
from marrowscope.training import lee, lee_measuring
from marrowscope.training.datasets import gathering
from marrowscope.training.labels import CLASSES
from marrowscope.training.measuring import plain_crop
from marrowscope.training.precision.telling import write_section
from tests.conftest import ROOT

pytestmark = [pytest.mark.training, pytest.mark.slow]


def class_folders(data: Path, cells) -> Path:
    """Crops of drawn cells in one folder per class."""
    for number, label in enumerate(np.resize(cells.label, 60)):
        folder = data / CLASSES[label]
        folder.mkdir(parents=True, exist_ok=True)
        crop = plain_crop(cells.canvas[number % len(cells)])
        cv2.imwrite(str(folder / f"{number}.png"), crop[..., ::-1])
    return data


@pytest.fixture(scope="module")
def trained(tmp_path_factory, few_cells) -> Path:
    """A bundle `our lee` after two steps, beside its pictures and working folder."""
    folder = tmp_path_factory.mktemp("trained")
    lee.main(
        [
            *("--data", str(class_folders(folder / "crops", few_cells))),
            *("--out", str(folder / "our lee"), "--work", str(folder / "work")),
            *("--like", str(ROOT / "models" / "lee"), "--steps", "2", "--fields", "1"),
            *("--unseen-fields", "1", "--calibration-fields", "1"),
            *("--version", "0.0.1"),
        ]
    )
    return folder


def test_a_folder_of_ones_own_becomes_a_bundle_that_reads(trained, few_cells) -> None:
    out = trained / "our lee"
    bundle = load_bundle(out)
    assert (bundle.name, bundle.identity.version) == ("our lee", "0.0.1")
    assert "Model card: lee 0.0.1" in (out / "card.md").read_text()
    reader = load_lee(bundle, device="cpu", threads=1)
    field = cv2.resize(few_cells.canvas[0], (240, 240))
    for finding in reader.read([field])[0]:
        assert finding.identity.probabilities.sum() == pytest.approx(1)
    stored = np.load(out / "parity.npz")
    assert stored["probabilities"].shape[1] == len(CLASSES)


def test_a_bundle_measured_again_says_what_its_training_said(trained, tmp_path) -> None:
    out = shutil.copytree(trained / "our lee", tmp_path / "our lee")
    drawn = trained / "work" / f"drawn_{gathering.FIRST_UNSEEN_FIELD}_"
    shutil.copytree(f"{drawn}1", f"{drawn}{lee_measuring.UNSEEN_FIELDS}")
    write_section(out / "card.md", "Precision", "As fast as ever.")
    written = {name: (out / name).read_text() for name in ("card.md", "bundle.toml")}
    (out / "bundle.toml").write_text(
        written["bundle.toml"].replace("macro_f1 = 0.", "macro_f1 = 9.")
    )
    lee_measuring.main(
        [
            *("--bundle", str(out), "--data", str(trained / "crops")),
            *("--work", str(trained / "work"), "--version", "0.0.1"),
        ]
    )
    assert {name: (out / name).read_text() for name in written} == written
