"""Which nodes of a network may be made coarser: convolutions and what joins them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import onnx
from onnxruntime.quantization.shape_inference import quant_pre_process

# What may stand between two convolutions without leaving eight bits.
JOINING = {"Clip", "Relu", "Add", "Concat", "Pad", "Resize", "MaxPool"}


def folded(source: Path, target: Path) -> onnx.ModelProto:
    """The network with its constants folded, written to `target` and returned.

    Weights that a file keeps in fp16 are fp32 again, as ONNX Runtime sees them.
    """
    quant_pre_process(str(source), str(target), skip_symbolic_shape=True)
    return onnx.load(str(target))


def convolutions(model: onnx.ModelProto) -> list[str]:
    """The names of all convolutions, in the order they are run."""
    return [node.name for node in model.graph.node if node.op_type == "Conv"]


def joining(model: onnx.ModelProto, *, keep: Collection[str] = ()) -> list[str]:
    """The names of the nodes that only pass numbers from convolution to convolution.

    Arithmetic of boxes, grades and maps is of the same kinds but leads to none. What
    a convolution in `keep` enters stays as exact as that convolution.
    """
    nodes = list(model.graph.node)
    after = _reached(nodes, keep=keep)
    before = _reached(nodes[::-1], keep=keep, backward=True)
    exact = {n.output[0] for n in nodes if n.name in keep}
    return [
        node.name
        for node in nodes
        if node.name in after & before and not exact.intersection(node.input)
    ]


def _reached(
    nodes: Iterable[onnx.NodeProto], *, keep: Collection[str], backward: bool = False
) -> set[str]:
    """Nodes of JOINING that a convolution reaches through others of them alone."""
    live: set[str] = set()
    reached: set[str] = set()
    for node in nodes:
        enters, leaves = list(node.input), list(node.output)
        if backward:
            enters, leaves = leaves, enters
        if node.op_type == "Conv" and node.name not in keep:
            live.update(leaves[:1])
        elif node.op_type in JOINING and live.intersection(enters):
            live.update(leaves)
            reached.add(node.name)
    return reached


def last_convolutions(model: onnx.ModelProto) -> list[str]:
    """Convolutions that no other follows: their numbers are the answer itself."""
    inside = {*joining(model), *convolutions(model)}
    onward = {
        name for node in model.graph.node if node.name in inside for name in node.input
    }
    return [
        node.name
        for node in model.graph.node
        if node.op_type == "Conv" and node.output[0] not in onward
    ]
