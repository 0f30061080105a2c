from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch

from marrowscope.training import checkpoints, course, crop_learner
from marrowscope.training.export import OUTPUTS, write_classifier, write_parity
from marrowscope.training.fine_labels import FINE, FINE_IDS, groups
from marrowscope.training.networks.crop_classifier import (
    CropClassifier,
    ExportedClassifier,
)
from marrowscope.training.networks.trunks import TRUNKS, UnknownTrunk, build_trunk
from marrowscope.training.recipes import PLAIN

pytestmark = pytest.mark.training

PLAN = crop_learner.Plan(steps=4, batch=4, warm_up=2, half=False)


@pytest.fixture
def exported() -> ExportedClassifier:
    torch.manual_seed(3)
    return ExportedClassifier(CropClassifier(), 1.4).eval()


def learner_of(seed: int) -> crop_learner.CropLearner:
    torch.manual_seed(seed)
    return crop_learner.CropLearner(CropClassifier(), PLAN)


def follow(learner, mixture, folder, steps: int) -> None:
    def batch_of(step: int):
        return mixture.batch(PLAN.batch, recipe=PLAIN, seed=(1, step))

    whole = course.Course(steps, save_every=1)
    course.follow(
        learner, batch_of, course=whole, folder=folder, name=crop_learner.name_of
    )


@pytest.mark.parametrize("name", sorted(TRUNKS))
def test_every_trunk_keeps_an_eight_by_eight_map(name: str) -> None:
    trunk, width = build_trunk(name)
    with torch.no_grad():
        features = trunk.eval()(torch.zeros(1, 3, 128, 128))
    assert features.shape == (1, width, 8, 8)


def test_a_trunk_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownTrunk, match="resnet19"):
        build_trunk("resnet19")


def test_a_trunk_of_timm_is_taken_by_name() -> None:
    pytest.importorskip("timm")
    trunk, width = build_trunk("timm:mobilenetv3_small_050")
    with torch.no_grad():
        features = trunk.eval()(torch.zeros(1, 3, 128, 128))
    assert features.shape == (1, width, 8, 8)


@pytest.mark.parametrize("name", ["inception_v3", "resnet152"])
def test_large_trunks_learn_and_are_exported(name: str, tmp_path, mixture) -> None:
    torch.manual_seed(7)
    learner = crop_learner.CropLearner(CropClassifier(name), PLAN)
    losses = [
        learner.learn(mixture.batch(2, recipe=PLAIN, seed=(1, step)), step)
        for step in range(2)
    ]
    assert np.isfinite(losses).all()
    write_classifier(learner.averaged, 1.0, tmp_path)
    session = onnxruntime.InferenceSession(
        str(tmp_path / "classifier.onnx"), providers=["CPUExecutionProvider"]
    )
    answers = session.run(list(OUTPUTS), {"image": np.zeros((1, 3, 128, 128), "f4")})
    assert answers[0].shape == (1, 8)


def test_two_steps_from_random_weights_change_them(tmp_path, mixture) -> None:
    learner = learner_of(1)
    before = learner.network.fine.weight.detach().clone()
    follow(learner, mixture, tmp_path, 2)
    assert not torch.equal(before, learner.network.fine.weight)


def test_onnx_answers_as_torch_does(tmp_path, few_cells) -> None:
    torch.manual_seed(2)
    graph = write_classifier(CropClassifier(), 1.3, tmp_path)
    write_parity(graph, few_cells, tmp_path / "parity.npz")
    stored = np.load(tmp_path / "parity.npz")
    images = ((stored["crops"] / 255 - 0.5) / 0.5).astype(np.float32)
    session = onnxruntime.InferenceSession(
        str(tmp_path / "classifier.onnx"), providers=["CPUExecutionProvider"]
    )
    answers = session.run(list(OUTPUTS), {"image": images.transpose(0, 3, 1, 2)})
    for name, answer in zip(OUTPUTS, answers, strict=True):
        np.testing.assert_allclose(answer, stored[name], atol=1e-4, err_msg=name)
    assert (tmp_path / "classifier.onnx").stat().st_size < 12e6


def test_classes_are_exact_sums_of_the_fine_outputs(exported) -> None:
    with torch.no_grad():
        answer = exported(torch.rand(3, 3, 128, 128) * 2 - 1)
    sums = answer.fine.numpy() @ groups().T
    np.testing.assert_allclose(answer.probabilities.numpy(), sums, atol=1e-6)
    np.testing.assert_allclose(sums.sum(axis=1), 1, atol=1e-5)


def test_saliency_is_grad_cam_of_the_classs_most_probable_output(exported) -> None:
    crops = torch.rand(1, 3, 128, 128) * 2 - 1
    features = exported.classifier.trunk(crops).detach()
    features = (features / features.max()).requires_grad_()  # untrained: minute
    logits = exported.classifier.heads(features.mean(dim=(2, 3))).logits
    fine = torch.softmax(logits.detach(), dim=1)
    granulocytes = [i for i, output in enumerate(FINE) if output.class_id == "GN"]
    likely = granulocytes[int(fine[0, granulocytes].argmax())]
    (gradient,) = torch.autograd.grad(logits[0, likely], features)
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    cam = torch.relu((weights * features).sum(dim=1))[0]
    with torch.no_grad():
        shown = exported.saliency(features, fine)[0, 1]
    torch.testing.assert_close(shown, cam / cam.max(), atol=1e-4, rtol=1e-3)


def test_a_class_seen_nowhere_has_an_empty_map(exported) -> None:
    fine = torch.full((1, len(FINE)), 1 / len(FINE))
    with torch.no_grad():
        maps = exported.saliency(torch.zeros(1, 1280, 8, 8), fine)
    assert maps.shape == (1, 8, 8, 8)
    assert maps.abs().max() == 0


def test_a_coarse_label_asks_only_for_the_sum() -> None:
    allowed = torch.zeros(1, len(FINE), dtype=torch.bool)
    allowed[0, [FINE_IDS.index("band"), FINE_IDS.index("segmented")]] = True
    losses = []
    for band, segmented in ((4.0, 0.0), (0.0, 4.0)):
        logits = torch.zeros(1, len(FINE))
        logits[0, FINE_IDS.index("band")] = band
        logits[0, FINE_IDS.index("segmented")] = segmented
        losses.append(crop_learner.class_loss(logits, allowed, 0.0))
    torch.testing.assert_close(*losses)


def test_a_resumed_run_goes_on_where_it_stopped(tmp_path, mixture) -> None:
    follow(learner_of(5), mixture, tmp_path, 2)
    again = learner_of(9)
    follow(again, mixture, tmp_path, 3)
    state = torch.load(tmp_path / course.CHECKPOINT, weights_only=True)
    assert state["progress"]["step"] == 3
    torch.testing.assert_close(
        state["learner"]["network"]["fine.weight"], again.network.fine.weight
    )


def test_training_goes_on_from_half_precision_weights(tmp_path) -> None:
    torch.manual_seed(4)
    model = CropClassifier()
    checkpoints.save_half(model, tmp_path / "classifier.safetensors")
    other = CropClassifier()
    checkpoints.load_half(other, tmp_path / "classifier.safetensors")
    torch.testing.assert_close(
        other.fine.weight, model.fine.weight, atol=1e-3, rtol=1e-3
    )


def test_a_loss_that_is_no_number_stops_with_the_batch_named(tmp_path, mixture) -> None:
    learner = learner_of(6)
    batch = mixture.batch(3, recipe=PLAIN, seed=(1, 2))
    batch.crops[:] = np.nan
    weights = learner.network.fine.weight.detach().clone()
    with pytest.raises(course.NonFiniteLoss, match=str(batch.rows[0])):
        course.follow(
            learner,
            lambda _: batch,
            course=course.Course(1),
            folder=tmp_path,
            name=crop_learner.name_of,
        )
    assert torch.equal(weights, learner.network.fine.weight)
