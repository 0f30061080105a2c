"""Weights as a bundle keeps them: fp16 files, from which training goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from marrowscope.training.networks.trunks import fitting

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
