"""A network in half precision, for graphics cards: inputs and outputs stay fp32."""

from __future__ import annotations

import copy

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from marrowscope.training.precision.graph import convolutions, joining

# Inputs of these nodes that are no numbers of the picture: sizes and scales.
PLAIN = {"Resize": {1, 2, 3}, "Pad": {1, 3}}


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The folded network with convolutions, what joins them and dense layers in fp16.

    Boxes, angles, ranks and probabilities stay fp32: fp16 could not tell pixels beyond
    2,048 apart, and would save nothing there.
    """
    made = copy.deepcopy(model)
    _Halving(made).work()
    return made


class _Halving:
    """Rewrites one graph, node by node, in the order it is run."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._graph = model.graph
        dense = (n.name for n in model.graph.node if n.op_type == "Gemm")
        self._chosen = {*convolutions(model), *joining(model), *dense}
        self._constants = {c.name: c for c in model.graph.initializer}
        self._constants |= {
            node.output[0]: node.attribute[0].t
            for node in model.graph.node
            if node.op_type == "Constant" and node.attribute[0].name == "value"
        }
        self._halves: dict[str, str] = {}  # fp32 name to fp16 name
        self._nodes: list[onnx.NodeProto] = []

    def work(self) -> None:
        for node in list(self._graph.node):
            if node.name in self._chosen:
                self._halve(node)
            else:
                self._nodes.append(node)
        del self._graph.node[:]
        self._graph.node.extend(self._nodes)
        self._drop_unused()

    def _halve(self, node: onnx.NodeProto) -> None:
        plain = PLAIN.get(node.op_type, set())
        for place, name in enumerate(node.input):
            if name and place not in plain:
                node.input[place] = self._half(name)
        whole = node.output[0]
        node.output[0] = self._halves[whole] = f"{whole}_fp16"
        back = helper.make_node(
            "Cast", [node.output[0]], [whole], f"{whole}_to_fp32", to=TensorProto.FLOAT
        )
        # Where nobody asks for it in fp32, it is dropped again.
        self._nodes += [node, back]

    def _half(self, name: str) -> str:
        """The fp16 form of a tensor: a constant made anew, or what flows, cast once."""
        if name in self._halves:
            return self._halves[name]
        half = self._halves[name] = f"{name}_fp16"
        if name in self._constants:
            values = numpy_helper.to_array(self._constants[name]).astype(np.float16)
            self._graph.initializer.append(numpy_helper.from_array(values, half))
        else:
            self._nodes.append(
                helper.make_node(
                    "Cast", [name], [half], f"{half}_cast", to=TensorProto.FLOAT16
                )
            )
        return half

    def _drop_unused(self) -> None:
        """Leave out casts and constants that nothing reads any more."""
        used = {name for node in self._graph.node for name in node.input}
        used |= {output.name for output in self._graph.output}
        nodes = [n for n in self._graph.node if used.intersection(n.output)]
        constants = [c for c in self._graph.initializer if c.name in used]
        del self._graph.node[:], self._graph.initializer[:], self._graph.value_info[:]
        self._graph.node.extend(nodes)
        self._graph.initializer.extend(constants)
