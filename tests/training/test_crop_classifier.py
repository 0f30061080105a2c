from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch

from marrowscope.training import checkpoints, loop
from marrowscope.training.export import OUTPUTS, write_classifier, write_parity
from marrowscope.training.networks.crop_classifier import (
    CropClassifier,
    ExportedClassifier,
)
from marrowscope.training.networks.trunks import TRUNKS
from marrowscope.training.recipes import PLAIN

pytestmark = pytest.mark.training

PLAN = loop.Plan(steps=4, batch=4, warm_up=2, half=False)


@pytest.fixture
def exported() -> ExportedClassifier:
    torch.manual_seed(3)
    return ExportedClassifier(CropClassifier(), 1.4).eval()


def run_of(seed: int) -> loop.Training:
    torch.manual_seed(seed)
    return loop.start(CropClassifier(), PLAN)


@pytest.mark.parametrize("name", sorted(TRUNKS))
def test_every_trunk_keeps_an_eight_by_eight_map(name: str) -> None:
    trunk, width = TRUNKS[name](None)
    with torch.no_grad():
        features = trunk.eval()(torch.zeros(1, 3, 128, 128))
    assert features.shape == (1, width, 8, 8)


def test_two_steps_from_random_weights_change_them(mixture) -> None:
    run = run_of(1)
    before = run.model.classes.weight.detach().clone()
    losses = []
    for step, loss in loop.train(run, mixture, plan=PLAN, recipe=PLAIN):
        losses.append(loss)
        if step == 1:
            break
    assert np.isfinite(losses).all()
    assert not torch.equal(before, run.model.classes.weight)


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


def test_saliency_is_grad_cam_of_the_class(exported) -> None:
    crops = torch.rand(1, 3, 128, 128) * 2 - 1
    features = exported.classifier.trunk(crops).detach()
    features = (features / features.max()).requires_grad_()  # untrained: minute
    logit = exported.classifier.heads(features.mean(dim=(2, 3))).logits[0, 4]
    (gradient,) = torch.autograd.grad(logit, features)
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    cam = torch.relu((weights * features).sum(dim=1))[0]
    with torch.no_grad():
        shown = exported.saliency(features)[0, 4]
    torch.testing.assert_close(shown, cam / cam.max(), atol=1e-4, rtol=1e-3)


def test_a_class_seen_nowhere_has_an_empty_map(exported) -> None:
    with torch.no_grad():
        maps = exported.saliency(torch.zeros(1, 1280, 8, 8))
    assert maps.abs().max() == 0


def test_a_resumed_run_ends_where_an_unbroken_one_does(tmp_path, mixture) -> None:
    whole = run_of(5)
    list(loop.train(whole, mixture, plan=PLAN, recipe=PLAIN))
    broken = run_of(5)
    for step, _ in loop.train(broken, mixture, plan=PLAN, recipe=PLAIN):
        torch.manual_seed(0)
        if step == 1:
            break
    checkpoints.save(broken, tmp_path / "state.pt")
    again = run_of(9)
    assert checkpoints.resume(again, tmp_path / "state.pt")
    assert again.step == 2
    list(loop.train(again, mixture, plan=PLAN, recipe=PLAIN))
    assert again.step == whole.step == 4


def test_training_goes_on_from_half_precision_weights(tmp_path) -> None:
    torch.manual_seed(4)
    model = CropClassifier()
    checkpoints.save_half(model, tmp_path / "classifier.safetensors")
    other = CropClassifier()
    checkpoints.load_half(other, tmp_path / "classifier.safetensors")
    torch.testing.assert_close(
        other.classes.weight, model.classes.weight, atol=1e-3, rtol=1e-3
    )


def test_a_loss_that_is_no_number_stops_with_the_batch_named(mixture) -> None:
    run = run_of(6)
    batch = mixture.batch(3, recipe=PLAIN, seed=(1, 2))
    batch.crops[:] = np.nan
    weights = run.model.classes.weight.detach().clone()
    with pytest.raises(loop.NonFiniteLoss, match=str(batch.rows[0])):
        loop.train_step(run, batch, PLAN)
    assert torch.equal(weights, run.model.classes.weight)
