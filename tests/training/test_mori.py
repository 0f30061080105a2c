"""Mori's networks learn, are exported, and answer through ONNX what torch answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from marrowscope.inference import box_detector, grade_regressor  # noqa: E402
from marrowscope.inference.graded_labels import FOCUS, index_of  # noqa: E402
from marrowscope.inference.onnx_model import OnnxModel  # noqa: E402
from marrowscope.inference.preprocess import Normalisation, normalise  # noqa: E402
from marrowscope.inference.rotations import TURNS  # noqa: E402
from marrowscope.training.learning import Pace  # noqa: E402
from marrowscope.training.mori import (  # noqa: E402
    detector_network,
    regressor_network,
)
from marrowscope.training.mori.boxed_field import INTEREST, REST, boxed  # noqa: E402
from marrowscope.training.mori.detector_export import write_detector  # noqa: E402
from marrowscope.training.mori.detector_learner import DetectorLearner  # noqa: E402
from marrowscope.training.mori.detector_network import build_detector  # noqa: E402
from marrowscope.training.mori.field_batches import FieldBatches  # noqa: E402
from marrowscope.training.mori.field_pool import pool_of  # noqa: E402
from marrowscope.training.mori.label_rows import label_rows  # noqa: E402
from marrowscope.training.mori.regressor_batches import GradedBatches  # noqa: E402
from marrowscope.training.mori.regressor_export import write_regressor  # noqa: E402
from marrowscope.training.mori.regressor_learner import RegressorLearner  # noqa: E402
from marrowscope.training.mori.regressor_network import (  # noqa: E402
    GradeNetwork,
    label_weights,
    quartic_loss,
)
from marrowscope.workflow.places import model_folders  # noqa: E402

pytestmark = pytest.mark.training


def test_the_loss_is_quartic_and_weighs_decreased_granules_tenfold():
    targets, known = torch.zeros(1, 34), torch.ones(1, 34)
    outputs = torch.zeros(1, 34)
    outputs[0, 0] = 2.0
    weights = label_weights()
    assert quartic_loss(outputs, targets, known, weights) == pytest.approx(16 / 34)
    outputs = torch.zeros(1, 34)
    outputs[0, index_of(FOCUS)] = 2.0
    assert quartic_loss(outputs, targets, known, weights) == pytest.approx(160 / 34)
    known[0, index_of(FOCUS)] = 0
    assert quartic_loss(outputs, targets, known, weights) == 0


def regressor_learns_and_is_exported(name: str, cells, folder: Path, *, count: int):
    """Two steps from random weights, then ONNX against torch."""
    torch.manual_seed(2)
    batches = GradedBatches(cells, label_rows(cells), count=count)
    learner = RegressorLearner(GradeNetwork(name), Pace(2))
    losses = [learner.learn(batches(step), step) for step in range(2)]
    assert np.isfinite(losses).all()
    learner.optimiser = None
    exported = write_regressor(learner.averaged, folder / "regressor.onnx")
    model = OnnxModel(
        folder / "regressor.onnx",
        shapes=grade_regressor.SHAPES,
        probe=(3, 128, 128),
        device="cpu",
    )
    crops = normalise(
        [np.asarray(c)[:128, :128] for c in cells.canvas[:1]], Normalisation()
    )
    turns = TURNS[:3].copy()
    given = model.run(crops, turns=turns)
    with torch.no_grad():
        wanted = exported(torch.from_numpy(crops), torch.from_numpy(turns))
    for said, meant in zip((given["outputs"], given["saliency"]), wanted, strict=True):
        np.testing.assert_allclose(said, meant.numpy(), atol=1e-4)


def test_the_regressor_learns_and_answers_through_onnx(few_cells, tmp_path):
    regressor_learns_and_is_exported("mobilenet_v2", few_cells, tmp_path, count=4)


@pytest.mark.slow
def test_the_published_regressor_learns_and_answers_through_onnx(few_cells, tmp_path):
    regressor_learns_and_is_exported("resnet152", few_cells, tmp_path, count=2)


@pytest.fixture(scope="module")
def fields() -> FieldBatches:
    from marrowscope.training.locator.phantom_fields import phantom_field

    rest = np.array([[4.0, 5, 18, 19]])
    drawn = [boxed(phantom_field(seed, size=192), rest) for seed in (41, 42)]
    assert {INTEREST, REST} <= set(np.concatenate([f.kinds for f in drawn]).tolist())
    return FieldBatches(
        {"drawn": pool_of("drawn", drawn)}, {"drawn": 1.0}, count=2, size=128
    )


@pytest.mark.parametrize(
    "name", ["mobilenet_v2", pytest.param("resnet101", marks=pytest.mark.slow)]
)
def test_the_detector_learns_and_answers_through_onnx(name, fields, tmp_path):
    torch.manual_seed(3)
    learner = DetectorLearner(build_detector(name), Pace(2))
    losses = [learner.learn(fields(step), step) for step in range(2)]
    assert np.isfinite(losses).all()
    exported = write_detector(learner.averaged, tmp_path / "detector.onnx")
    model = OnnxModel(
        tmp_path / "detector.onnx",
        shapes=box_detector.SHAPES,
        probe=(3, 128, 128),
        device="cpu",
    )
    fed = normalise([fields.pools[0].images[0]], Normalisation())
    given = model.run(fed)
    with torch.no_grad():
        boxes, scores = exported(torch.from_numpy(fed))
    # Of an untrained network boxes are many and alike: ranks may differ by rounding.
    assert given["boxes"].shape[2] == boxes.shape[2] == 4
    np.testing.assert_allclose(
        np.sort(given["scores"][0], axis=0)[-20:],
        np.sort(scores[0].numpy(), axis=0)[-20:],
        atol=1e-3,
    )


@pytest.mark.parametrize(
    ("network", "load_start", "name"),
    [
        (build_detector, detector_network.load_start, "detector"),
        (GradeNetwork, regressor_network.load_start, "regressor"),
    ],
)
def test_training_goes_on_from_all_that_a_bundle_learned(network, load_start, name):
    begun = network()
    path = model_folders()[-1] / "mori" / f"{name}.safetensors"
    assert load_start(begun, path) == len(begun.state_dict())
