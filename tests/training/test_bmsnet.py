"""BMSNet learns, is exported, and answers through ONNX what torch answers."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from marrowscope.inference.bundle import load_bundle  # noqa: E402
from marrowscope.inference.onnx_model import OnnxModel  # noqa: E402
from marrowscope.inference.preprocess import Normalisation, normalise  # noqa: E402
from marrowscope.training.bmsnet import export  # noqa: E402
from marrowscope.training.bmsnet.calibration import (  # noqa: E402
    Named,
    calibrate,
    fitted_naming,
    named_in_fields,
    unscaled_reader,
    write_naming,
)
from marrowscope.training.bmsnet.classes import CLASSES  # noqa: E402
from marrowscope.training.bmsnet.learner import BMSNetLearner  # noqa: E402
from marrowscope.training.bmsnet.loss import assigned, shape_overlap  # noqa: E402
from marrowscope.training.bmsnet.named_fields import (  # noqa: E402
    FIRST_CLASS,
    UNTOLD,
    drawn_fields,
)
from marrowscope.training.bmsnet.network import (  # noqa: E402
    OUTPUTS,
    STRIDES,
    BMSNet,
    decoded,
    trunk_of,
)
from marrowscope.training.learning import Pace  # noqa: E402
from marrowscope.training.mori.boxed_field import IGNORED, BoxedField  # noqa: E402
from marrowscope.training.mori.field_batches import FieldBatches  # noqa: E402
from marrowscope.training.mori.field_pool import pool_of  # noqa: E402
from marrowscope.workflow.places import model_folders  # noqa: E402

pytestmark = pytest.mark.training


def test_a_head_has_one_box_a_place_and_thirteen_outputs():
    maps = BMSNet()(torch.zeros(1, 3, 128, 256))
    assert OUTPUTS == 13
    assert [m.shape for m in maps] == [
        (1, 13, 128 // stride, 256 // stride) for stride in STRIDES
    ]


def test_an_answer_of_zero_is_the_anchor_in_the_middle_of_its_place():
    boxes = decoded(torch.zeros(1, 13, 3, 3), 1)[0, 1, 2, :4]
    np.testing.assert_allclose(boxes, [20 - 14, 12 - 14, 20 + 14, 12 + 14])


def test_the_head_of_the_fitting_anchor_answers_and_the_smaller_of_two_cells_stays():
    boxes = torch.tensor([[0.0, 0, 60, 60], [22, 22, 38, 38], [28, 28, 32, 32]])
    rows = assigned(boxes, torch.zeros(3, dtype=torch.long), [(1, 16, 16)] * 3)
    assert shape_overlap(torch.tensor([[64.0, 64.0]]))[0].argmax() == 2
    assert rows[2][0, 1, 1] == 0
    assert rows[0][0, 7, 7] == 2


@pytest.fixture(scope="module")
def batches() -> FieldBatches:
    fields = drawn_fields(1)
    some = [next(fields) for _ in range(3)]
    hidden = BoxedField(some[0].image, some[0].boxes[:1], np.array([IGNORED]))
    pools = {"drawn": pool_of("drawn", [*some, hidden])}
    return FieldBatches(pools, {"drawn": 1.0}, count=2, size=128)


def test_drawn_fields_tell_classes(batches):
    kinds = batches.pools[0].kinds
    assert ((kinds >= UNTOLD) | (kinds == IGNORED)).all()
    assert len(np.unique(kinds[kinds >= FIRST_CLASS])) >= 3
    assert kinds.max() < FIRST_CLASS + len(CLASSES)


@pytest.mark.parametrize("paper", [False, True])
def test_a_few_steps_lower_the_loss(batches, paper):
    torch.manual_seed(0)
    learner = BMSNetLearner(BMSNet(), Pace(30, warm_up=2), paper=paper)
    batch = batches(0)
    losses = [learner.learn(batch, step) for step in range(8)]
    assert all(np.isfinite(losses))
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("name", ["resnet18", "seresnext50_32x4d"])
def test_other_backbones_learn_two_steps_and_are_exported(batches, name, tmp_path):
    if name.startswith("se"):
        pytest.importorskip("timm")
    learner = BMSNetLearner(BMSNet(name), Pace(2))
    assert all(np.isfinite(learner.learn(batches(i), i)) for i in range(2))
    assert len(trunk_of(name).widths) == 5
    export.write_onnx(export.ExportedBMSNet(learner.averaged), tmp_path / "n.onnx")
    assert (tmp_path / "n.onnx").stat().st_size > 1_000_000


def test_onnx_answers_as_torch_does_and_weights_come_back(tmp_path):
    torch.manual_seed(1)
    network = BMSNet().eval()
    export.write_bundle_files(network, tmp_path)
    stored = dict(np.load(tmp_path / "parity.npz"))
    shapes = {name: (None,) * (stored[name].ndim - 1) for name in export.OUTPUTS}
    model = OnnxModel(
        tmp_path / "network.onnx", shapes=shapes, probe=(3, 128, 128), device="cpu"
    )
    given = model.run(normalise(stored["fields"], Normalisation()))
    for name in export.OUTPUTS:
        np.testing.assert_allclose(given[name], stored[name], atol=1e-4, rtol=1e-4)
    again = BMSNet()
    export.load_weights(again, tmp_path / "weights.safetensors")
    before, after = network.state_dict(), again.state_dict()
    assert all(
        torch.allclose(before[k].float(), after[k].float(), atol=2e-3) for k in before
    )


def test_names_that_are_too_unsure_and_too_often_monocytes_are_set_right(tmp_path):
    rng = np.random.default_rng(6)
    truth = rng.integers(0, len(CLASSES), 800)
    logits = rng.normal(0, 1.0, (800, len(CLASSES)))
    logits[np.arange(800), truth] += 3
    # Of two such normal clouds the true log-odds are three times as large.
    spoilt = logits.copy()
    spoilt[:, 5] += 1.5
    shares = np.exp(spoilt) / np.exp(spoilt).sum(axis=1, keepdims=True)
    source = np.where(np.arange(800) < 600, "marrow", "drawn")
    naming = fitted_naming(Named(shares, truth, source), views=1)
    assert 0.2 < naming.temperature < 0.5
    assert naming.shift[5] < min(naming.shift[:5]) - 1
    read = naming.read([shares])
    assert (read.argmax(axis=1) == truth).mean() > (
        shares.argmax(axis=1) == truth
    ).mean()
    sure = read.max(axis=1).mean()
    assert sure == pytest.approx((read.argmax(axis=1) == truth).mean(), abs=0.05)
    path = tmp_path / "bundle.toml"
    path.write_text('name = "x"\n\n[[classes]]\nid = "a"\n')
    for views in (1, 2):
        write_naming(path, replace(naming, views=views), fitted_on="800 cells")
    told = tomllib.loads(path.read_text())["bmsnet"]
    assert told["views"] == 2
    assert len(told["shift"]) == len(CLASSES)
    assert told["fitted_on"] == "800 cells"


def test_a_new_bundle_is_read_by_cells_that_it_never_saw(tmp_path):
    shutil.copytree(model_folders()[-1] / "bmsnet", tmp_path / "ours")
    reader = unscaled_reader(tmp_path / "ours", views=1)
    fields = islice(drawn_fields(78), 2)
    found = [*named_in_fields(reader, fields, source="drawn")]
    calibrate(tmp_path / "ours", found, views=1)
    told = load_bundle(tmp_path / "ours").options
    assert told["fitted_on"].endswith(f"{len(found)} drawn")
    assert told["views"] == 1
