"""The shipped networks of mori and bmsnet answer as torch answered at export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from marrowscope.inference import box_detector, grade_regressor
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.inference.rotations import TURNS

MODELS = Path(__file__).resolve().parents[2] / "models"


@pytest.fixture(scope="module")
def mori() -> dict[str, np.ndarray]:
    return dict(np.load(MODELS / "mori" / "parity.npz"))


def test_moris_regressor_grades_as_it_did_in_the_workshop(mori) -> None:
    model = OnnxModel(
        MODELS / "mori" / "regressor.onnx",
        shapes=grade_regressor.SHAPES,
        probe=(3, 128, 128),
        device="cpu",
    )
    fed = normalise(mori["crops"], Normalisation())
    given = model.run(fed, turns=TURNS)
    np.testing.assert_allclose(given["outputs"], mori["outputs"], atol=1e-4)
    np.testing.assert_allclose(given["saliency"], mori["saliency"], atol=1e-4)
    assert given["outputs"].shape[-1] == 34


def test_moris_detector_boxes_as_it_did_in_the_workshop(mori) -> None:
    model = OnnxModel(
        MODELS / "mori" / "detector.onnx",
        shapes=box_detector.SHAPES,
        probe=(3, box_detector.SMALLEST_PX, box_detector.SMALLEST_PX),
        device="cpu",
    )
    given = model.run(normalise([mori["field"]], Normalisation()))
    np.testing.assert_allclose(given["scores"], mori["scores"], atol=1e-4)
    np.testing.assert_allclose(given["boxes"], mori["boxes"], atol=1e-3)  # pixels


def test_bmsnet_answers_as_it_did_in_the_workshop() -> None:
    stored = dict(np.load(MODELS / "bmsnet" / "parity.npz"))
    names = ("boxes", "object", "classes", "evidence")
    shapes = {name: (None,) * (stored[name].ndim - 1) for name in names}
    model = OnnxModel(
        MODELS / "bmsnet" / "network.onnx",
        shapes=shapes,
        probe=(3, 256, 256),
        device="cpu",
    )
    given = model.run(normalise(stored["fields"], Normalisation()))
    for name in ("object", "classes", "evidence"):
        np.testing.assert_allclose(given[name], stored[name], atol=1e-4)
    np.testing.assert_allclose(given["boxes"], stored["boxes"], atol=2e-2)  # pixels
