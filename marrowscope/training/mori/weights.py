"""Weights as a bundle keeps them: fp16 files, and large parts of the graph."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import load_file, save_file
from torch import nn

from marrowscope.training.networks.trunks import fitting

LARGE = 300_000  # numbers in one tensor of the graph above which it is kept in fp16
Network = TypeVar("Network", bound=nn.Module)


@torch.no_grad()
def rounded_to_half(network: Network) -> Network:
    """The network with every weight as its fp16 file gives it back, in place."""
    for value in (*network.parameters(), *network.buffers()):
        if value.is_floating_point():
            value.copy_(value.half().float())
    return network


def save_weights(network: nn.Module, path: Path, *, backbone: str) -> None:
    """All weights in fp16, the backbone's name with them."""
    half = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items()
    }
    save_file(half, path, metadata={"backbone": backbone})


def load_weights(network: nn.Module, path: Path) -> list[str]:
    """Weights written by `save_weights`, in fp32; names of what did not fit."""
    wanted = network.state_dict()
    known = fitting(wanted, load_file(path))
    network.load_state_dict(known, strict=False)
    return sorted(set(wanted) - set(known))


def halve_large(path: Path) -> None:
    """Keep the graph's largest weights in fp16, cast back when it is loaded.

    Exact for weights that `rounded_to_half` has rounded; ONNX Runtime casts them once.
    """
    model = onnx.load(path)
    kept, casts = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type == TensorProto.FLOAT and values.size >= LARGE:
            small = f"{tensor.name}_half"
            kept.append(numpy_helper.from_array(values.astype(np.float16), small))
            casts.append(
                helper.make_node("Cast", [small], [tensor.name], to=TensorProto.FLOAT)
            )
        else:
            kept.append(tensor)
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)
