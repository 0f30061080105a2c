from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.families.lee import load_lee
from marrowscope.training import lee
from marrowscope.training.labels import CLASSES
from marrowscope.training.measuring import plain_crop
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


def test_a_folder_of_ones_own_becomes_a_bundle_that_reads(tmp_path, few_cells) -> None:
    out = tmp_path / "our lee"
    lee.main(
        [
            *("--data", str(class_folders(tmp_path / "crops", few_cells))),
            *("--out", str(out), "--work", str(tmp_path / "work")),
            *("--like", str(ROOT / "models" / "lee"), "--steps", "2", "--fields", "1"),
            *("--unseen-fields", "1", "--calibration-fields", "1"),
            *("--version", "0.0.1"),
        ]
    )
    bundle = load_bundle(out)
    assert (bundle.name, bundle.identity.version) == ("our lee", "0.0.1")
    assert "Model card: lee 0.0.1" in (out / "card.md").read_text()
    reader = load_lee(bundle, device="cpu", threads=1)
    field = cv2.resize(few_cells.canvas[0], (240, 240))
    for finding in reader.read([field])[0]:
        assert finding.identity.probabilities.sum() == pytest.approx(1)
    stored = np.load(out / "parity.npz")
    assert stored["probabilities"].shape[1] == len(CLASSES)
