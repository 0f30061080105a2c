from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.crop_classifier import CropClassifier
from marrowscope.inference.families.lee import load_lee
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.preprocess import Normalisation
from tests.inference.tiny_bundle import tiny_bundle

LEE = Path(__file__).resolve().parents[2] / "models" / "lee"
SHAPES = {"probabilities": (8,), "grades": (12,), "saliency": (8, 8, 8)}


@pytest.fixture(scope="module")
def model() -> OnnxModel:
    path = LEE / "classifier.onnx"
    return OnnxModel(path, shapes=SHAPES, probe=(3, 128, 128), device="cpu")


@pytest.fixture(scope="module")
def crop() -> np.ndarray:
    return np.load(LEE / "parity.npz")["crops"][4]


def test_two_views_answer_the_same_for_a_picture_and_its_mirror_image(
    model, crop
) -> None:
    classifier = CropClassifier(model, Normalisation(), views=2)
    plain, mirrored = classifier.identify([crop, crop[::-1]])
    np.testing.assert_allclose(plain.probabilities, mirrored.probabilities, atol=1e-5)
    np.testing.assert_allclose(plain.grades, mirrored.grades, atol=1e-4)
    assert plain.probabilities.sum() == pytest.approx(1)


def test_one_view_answers_what_the_network_does(model, crop) -> None:
    (identity,) = CropClassifier(model, Normalisation()).identify([crop])
    stored = np.load(LEE / "parity.npz")["probabilities"][4]
    np.testing.assert_allclose(identity.probabilities, stored, atol=1e-4)


def test_the_bundle_says_how_many_views(tmp_path) -> None:
    folder = tiny_bundle(tmp_path)
    path = folder / "bundle.toml"
    text = path.read_text("utf-8").replace("[lee]\nviews = 2", "")
    path.write_text(text + "\n[lee]\nviews = 2\n", "utf-8")
    reader = load_lee(load_bundle(folder), device="cpu", threads=1)
    field = np.full((64, 64, 3), 30, np.uint8)
    assert [len(found) for found in reader.read([field])] == [1]
