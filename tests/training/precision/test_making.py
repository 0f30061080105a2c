"""Int8 and fp16 touch convolutions and what joins them, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

pytest.importorskip("onnxruntime.quantization")

from marrowscope.training.precision import graph  # noqa: E402
from marrowscope.training.precision.fewest_kept import TOLERATED, fewest_kept  # noqa: E402
from marrowscope.training.precision.fp16 import halved  # noqa: E402
from marrowscope.training.precision.int8 import quantised  # noqa: E402
from marrowscope.training.precision.ranges import observed  # noqa: E402
from marrowscope.training.precision.running import answers, milliseconds  # noqa: E402
from tests.training.precision.small_network import pictures, small_network  # noqa: E402


def saved(model: onnx.ModelProto, folder: Path) -> Path:
    path = folder / "small.onnx"
    onnx.save(model, str(path))
    return path


def kinds(model: onnx.ModelProto, *names: str) -> list[str]:
    """What stands before the first input of each named node."""
    makers = {name: n.op_type for n in model.graph.node for name in n.output}
    nodes = {n.name: n for n in model.graph.node}
    return [makers.get(nodes[name].input[0], "image") for name in names]


def test_arithmetic_of_boxes_joins_no_convolutions() -> None:
    model = small_network()
    assert graph.convolutions(model) == ["enter", "deep", "leave"]
    assert graph.joining(model) == ["clip", "join"]
    assert graph.last_convolutions(model) == ["leave"]


def test_what_an_exact_convolution_enters_stays_exact() -> None:
    assert graph.joining(small_network(), keep=["enter"]) == ["join"]
    assert graph.joining(small_network(), keep=["deep"]) == ["clip"]
    assert "join" not in graph.joining(small_network(), keep=["leave"])


def test_folding_keeps_the_answers(tmp_path: Path) -> None:
    model, feeds = small_network(), pictures(2, seed=3)
    path = saved(model, tmp_path)
    again = graph.folded(path, tmp_path / "folded.onnx")
    one, other = (answers(m, feeds, taps=["box"]) for m in (model, again))
    np.testing.assert_allclose(one, other, rtol=1e-6)


def test_int8_answers_almost_alike_and_leaves_boxes_in_fp32(tmp_path: Path) -> None:
    model, feeds = small_network(), pictures(12, seed=1)
    ranges = observed(saved(model, tmp_path), feeds)
    made = quantised(model, ranges)
    assert kinds(made, "enter", "deep", "leave") == ["DequantizeLinear"] * 3
    assert kinds(made, "place") == ["Mul"]
    one, other = (
        np.asarray(answers(m, pictures(4, seed=2), taps=["box"])) for m in (model, made)
    )
    spread = one.std()
    assert 0 < np.abs(one - other).mean() < 0.05 * spread


def test_a_kept_convolution_is_fed_in_fp32(tmp_path: Path) -> None:
    model = small_network()
    ranges = observed(saved(model, tmp_path), pictures(4, seed=1))
    made = quantised(model, ranges, keep=["enter"])
    assert kinds(made, "enter", "deep") == ["image", "DequantizeLinear"]
    only = quantised(model, ranges, only=["leave"])
    assert kinds(only, "enter", "deep", "leave") == [
        "image",
        "Clip",
        "DequantizeLinear",
    ]


def test_nothing_is_kept_where_nothing_is_lost(tmp_path: Path) -> None:
    model = small_network()
    ranges = observed(saved(model, tmp_path), pictures(12, seed=1))
    _, kept, error = fewest_kept(model, ranges, pictures(6, seed=2))
    assert kept == []
    assert error <= TOLERATED


def test_the_convolutions_that_do_harm_are_kept(tmp_path: Path) -> None:
    model = small_network(outlier=300.0)
    ranges = observed(saved(model, tmp_path), pictures(12, seed=1))
    made, kept, error = fewest_kept(model, ranges, pictures(6, seed=2))
    assert kept
    assert error <= TOLERATED
    assert made.ByteSize() > 0


def test_fp16_halves_the_weights_and_keeps_the_answers() -> None:
    model, feeds = small_network(), pictures(3, seed=5)
    made = halved(model)
    onnx.checker.check_model(made)
    weights = {c.name: c.data_type for c in made.graph.initializer}
    assert weights["w_deep_fp16"] == onnx.TensorProto.FLOAT16
    assert "w_deep" not in weights
    assert weights["anchor"] == onnx.TensorProto.FLOAT
    one, other = (np.asarray(answers(m, feeds, taps=["box"])) for m in (model, made))
    assert other.dtype == np.float32
    np.testing.assert_allclose(one, other, atol=0.2)  # of a place near 1,000


def test_fp16_casts_once_where_it_begins_and_once_where_it_ends() -> None:
    casts = [n for n in halved(small_network()).graph.node if n.op_type == "Cast"]
    assert len(casts) == 2


def test_times_are_measured_for_every_network() -> None:
    model = small_network()
    spent = milliseconds({"a": model, "b": model}, pictures(1, seed=1)[0], rounds=3)
    assert set(spent) == {"a", "b"}
    assert all(value >= 0 for value in spent.values())
