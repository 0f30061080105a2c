"""A network small enough to see through: two paths of convolutions, then arithmetic."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE, CHANNELS = 16, 8


def small_network(*, outlier: float = 1.0) -> onnx.ModelProto:
    """enter → Clip → deep → Add (with enter) → leave → Mul and Add of "box".

    `outlier`: how much larger one weight of `deep` is than the others; the channel it
    feeds has so wide a range that int8 leaves little of the rest.
    """
    rng = np.random.default_rng(7)
    deep = rng.normal(size=(CHANNELS, CHANNELS, 3, 3)) / 8
    deep[0] *= outlier
    leave = rng.normal(size=(2, CHANNELS, 1, 1)) / 3
    leave[:, 0] /= outlier
    constants = {
        "w_enter": rng.normal(size=(CHANNELS, 3, 3, 3)) / 5,
        "w_deep": deep,
        "w_leave": leave,
        "low": np.array(0.0),
        "high": np.array(6.0),
        "stride": np.array(8.0),
        "anchor": np.array(1000.0),
    }
    nodes = [
        _conv("enter", "image", "entered", pad=1),
        helper.make_node("Clip", ["entered", "low", "high"], ["clipped"], "clip"),
        _conv("deep", "clipped", "deepened", pad=1),
        helper.make_node("Add", ["clipped", "deepened"], ["joined"], "join"),
        _conv("leave", "joined", "left", pad=0),
        helper.make_node("Mul", ["left", "stride"], ["scaled"], "scale"),
        helper.make_node("Add", ["scaled", "anchor"], ["box"], "place"),
    ]
    shape = ["n", 3, SIDE, SIDE]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("box", TensorProto.FLOAT, ["n", 2, SIDE, SIDE])],
        [
            numpy_helper.from_array(value.astype(np.float32), name)
            for name, value in constants.items()
        ],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    )
    onnx.checker.check_model(model)
    return model


def _conv(name: str, source: str, target: str, *, pad: int) -> onnx.NodeProto:
    return helper.make_node(
        "Conv", [source, f"w_{name}"], [target], name, pads=[pad] * 4
    )


def pictures(count: int, *, seed: int) -> list[dict[str, np.ndarray]]:
    """Feeds of one picture each."""
    rng = np.random.default_rng(seed)
    size = (count, 1, 3, SIDE, SIDE)
    return [{"image": x} for x in rng.uniform(-1, 1, size).astype(np.float32)]
