"""Trunks by name, each ending in an 8 by 8 map for a 128 px crop (stride 16).

A trunk is a module from (N, 3, H, W) to (N, C, H / 16, W / 16) and its C.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch.nn.functional as F
import torchvision
from safetensors.torch import load_file
from torch import Tensor, nn

MOBILENET_FILE = "mobilenet_v2_tf2ptq.safetensors"


class SameConv2d(nn.Conv2d):
    """A stride-2 convolution padded right and bottom only, as TensorFlow's SAME.

    The ImageNet weights at hand were trained so; key names stay torchvision's.
    """

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(F.pad(input, (0, 1, 0, 1)))


def _same_padding(conv: nn.Conv2d) -> SameConv2d:
    return SameConv2d(
        conv.in_channels,
        conv.out_channels,
        3,
        stride=2,
        groups=conv.groups,
        bias=conv.bias is not None,
    )


def mobilenet_v2(weights: Path | None = None) -> tuple[nn.Module, int]:
    """MobileNetV2 without its last stride; `weights`: folder of ImageNet trunks."""
    network = torchvision.models.mobilenet_v2(weights=None)
    network.features[14].conv[1][0].stride = (1, 1)
    for block in network.features.modules():
        for name, child in block.named_children():
            if isinstance(child, nn.Conv2d) and child.stride == (2, 2):
                setattr(block, name, _same_padding(child))
    if weights is not None:
        stored = load_file(weights / MOBILENET_FILE)
        network.load_state_dict({k: v.float() for k, v in stored.items()})
    return network.features, 1280


def _resnet(name: str) -> Callable[[Path | None], tuple[nn.Module, int]]:
    def build(weights: Path | None = None) -> tuple[nn.Module, int]:
        del weights  # no pretrained residual network is at hand
        network = torchvision.models.get_model(name, weights=None)
        first = network.layer4[0]
        for conv in (first.conv1, first.conv2, first.downsample[0]):
            conv.stride = (1, 1)
        parts = list(network.children())[:-2]
        return nn.Sequential(*parts), network.fc.in_features

    return build


TRUNKS: dict[str, Callable[[Path | None], tuple[nn.Module, int]]] = {
    "mobilenet_v2": mobilenet_v2,
    **{n: _resnet(n) for n in ("resnet18", "resnet34", "resnet50")},
}
