"""The locator's workshop: two steps, export, resume, and what a bad loss does."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from marrowscope.training.course import (  # noqa: E402
    Course,
    NonFiniteLoss,
    Progress,
    follow,
)
from marrowscope.training.locator.batches import (  # noqa: E402
    Pools,
    as_batch,
    names_of,
)
from marrowscope.training.locator.export import (  # noqa: E402
    export_onnx,
    load_weights,
    save_weights,
)
from marrowscope.training.locator.field import Field, core_of  # noqa: E402
from marrowscope.training.locator.learner import (  # noqa: E402
    LocatorLearner,
    LocatorPace,
)
from marrowscope.training.locator.loss import maps_loss  # noqa: E402
from marrowscope.training.locator.network import CellUNet  # noqa: E402

pytestmark = pytest.mark.training
PACE = LocatorPace(steps=2, warm_up=0, half=False)


def trained(
    learner: LocatorLearner, pools: Pools, folder: Path, steps: int
) -> Progress:
    batch_of = partial(pools.batch, count=2, size=64)
    course = Course(steps, save_every=1)
    return follow(learner, batch_of, course=course, folder=folder, name=names_of)


def two_discs() -> Field:
    """Two touching discs with nuclei on pale ground."""
    rows, columns = np.indices((96, 96))
    cells = np.zeros((96, 96), np.int32)
    cells[np.hypot(rows - 48, columns - 32) < 16] = 1
    cells[np.hypot(rows - 48, columns - 64) < 16] = 2
    nucleus = np.hypot(rows - 48, np.abs(columns - 48) - 16) < 8
    image = np.full((96, 96, 3), 230, np.uint8)
    image[cells > 0] = (150, 140, 210)
    image[nucleus] = (80, 40, 140)
    return Field(image, cells, nucleus, np.zeros((96, 96), bool))


@pytest.fixture
def pools(tmp_path: Path) -> Pools:
    """One pool of three equal fields."""
    path = tmp_path / "discs.npy"
    np.save(path, np.stack([two_discs().packed()] * 3))
    return Pools({path: 1.0})


def test_the_core_parts_touching_cells_and_goes_on_at_the_pictures_edge() -> None:
    core = core_of(two_discs().cells)
    assert core[48, 32] > 200
    assert core[48, 64] > 200
    assert core[48, 47:50].max() < 60
    edge = np.zeros((20, 20), np.int32)
    edge[:8, 4:16] = 1
    assert core_of(edge)[0, 10] == 255


def test_two_steps_then_export_agrees_with_torch(pools: Pools, tmp_path: Path) -> None:
    torch.manual_seed(0)
    learner = LocatorLearner(CellUNet(), PACE)
    assert trained(learner, pools, tmp_path, 2).step == 2
    assert export_onnx(learner.averaged, tmp_path / "locator.onnx") <= 1e-4


def test_a_killed_run_goes_on_where_it_stopped(pools: Pools, tmp_path: Path) -> None:
    torch.manual_seed(0)
    whole = LocatorLearner(CellUNet(), PACE)
    first_weights = {k: v.clone() for k, v in whole.network.state_dict().items()}
    trained(whole, pools, tmp_path / "whole", 2)

    begun = LocatorLearner(CellUNet(), PACE)
    begun.network.load_state_dict(first_weights)
    begun.averaged.load_state_dict(first_weights)
    trained(begun, pools, tmp_path / "killed", 1)
    again = LocatorLearner(CellUNet(), PACE)
    trained(again, pools, tmp_path / "killed", 2)
    for name, value in whole.network.state_dict().items():
        torch.testing.assert_close(again.network.state_dict()[name], value, msg=name)


def test_a_loss_that_is_no_number_names_its_pictures(
    pools: Pools, tmp_path: Path
) -> None:
    learner = LocatorLearner(CellUNet(), PACE)
    with torch.no_grad():
        learner.network.head.bias.fill_(float("nan"))
    with pytest.raises(NonFiniteLoss, match=r"discs\.npy\["):
        trained(learner, pools, tmp_path, 2)


def test_ignored_pixels_teach_nothing() -> None:
    packed = two_discs().packed()
    packed[..., 6] = 1
    batch = as_batch(packed[None], ["x"])
    logits = torch.zeros(1, 3, 96, 96, requires_grad=True)
    maps_loss(logits, batch.targets, batch.ignore).backward()
    assert logits.grad is not None
    assert float(logits.grad.abs().max()) == 0.0


def test_stored_half_weights_come_back(tmp_path: Path) -> None:
    network = CellUNet().eval()
    save_weights(network, tmp_path / "w.safetensors")
    other = CellUNet().eval()
    load_weights(other, tmp_path / "w.safetensors")
    image = torch.zeros(1, 3, 64, 64)
    torch.testing.assert_close(other(image), network(image), atol=0.05, rtol=0.05)
