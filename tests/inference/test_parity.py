"""The shipped classifier answers through ONNX Runtime what torch answered at export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from marrowscope.inference.bundle import load_bundle
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.workflow.places import load_taxonomy

LEE = Path(__file__).resolve().parents[2] / "models" / "lee"
SHAPES = {
    "probabilities": (8,),
    "fine": (21,),
    "grades": (12,),
    "saliency": (8, 8, 8),
    "embedding": (96,),
}


@pytest.fixture(scope="module")
def answers() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    stored = dict(np.load(LEE / "parity.npz"))
    model = OnnxModel(
        LEE / "classifier.onnx", shapes=SHAPES, probe=(3, 128, 128), device="cpu"
    )
    return stored, model.run(normalise(stored["crops"], Normalisation()))


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_lee_answers_as_it_did_in_the_workshop(answers, name: str) -> None:
    stored, given = answers
    np.testing.assert_allclose(given[name], stored[name], atol=1e-4)


def test_lees_probabilities_and_maps_keep_their_promises(answers) -> None:
    _, given = answers
    np.testing.assert_allclose(given["probabilities"].sum(axis=1), 1, atol=1e-5)
    assert given["grades"].min() >= 0
    assert given["grades"].max() <= 3
    highest = given["saliency"].max(axis=(2, 3))
    assert (np.isclose(highest, 1, atol=1e-3) | (highest < 1e-3)).all()


def test_lees_finer_outputs_add_up_to_its_classes(answers) -> None:
    _, given = answers
    vocabulary = load_bundle(LEE).vocabulary
    for place, class_id in enumerate(vocabulary.class_ids):
        own = [i for i, f in enumerate(vocabulary.fine) if f.class_id == class_id]
        summed = given["fine"][:, own].sum(axis=1)
        np.testing.assert_allclose(given["probabilities"][:, place], summed, atol=1e-6)


def test_every_finer_output_suggests_lines_a_report_knows() -> None:
    known = {line.id for line in load_taxonomy().lines}
    for output in load_bundle(LEE).vocabulary.fine:
        assert set(output.lines) <= known


def test_the_parity_crops_show_every_class(answers) -> None:
    stored, _ = answers
    assert len(stored["crops"]) == 16
