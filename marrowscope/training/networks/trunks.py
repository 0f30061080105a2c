"""Trunks by name, each ending in an 8 by 8 map for a 128 px crop (stride 16).

A trunk is an ``nn.Sequential`` from (N, 3, H, W) to (N, C, H / 16, W / 16), and its C.
Names of ``timm`` are taken too (``timm:convnext_nano``) where timm is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch.nn.functional as F
import torchvision
from safetensors.torch import load_file
from torch import Tensor, nn

from marrowscope.domain.errors import MarrowScopeError

MOBILENET_FILE = "mobilenet_v2_tf2ptq.safetensors"
INCEPTION_FILE = "inception_v3_mixed7a.safetensors"
TIMM = "timm:"
STRIDE = 16
INCEPTION_PX = 155  # what Mixed_6e turns into 8 by 8
RESNETS = ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152")

Trunk = tuple[nn.Sequential, int]
Build = Callable[[Path | None], Trunk]


class UnknownTrunk(MarrowScopeError):
    """A trunk was asked for that nobody knows."""


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


def mobilenet_v2(weights: Path | None = None) -> Trunk:
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


def inception_v3(weights: Path | None = None) -> Trunk:
    """InceptionV3 to Mixed_6e, as far as stride 16 goes.

    Its convolutions lose rims, so the crop is enlarged until the last map is 8 by 8.
    """
    network = torchvision.models.inception_v3(
        weights=None, init_weights=False, aux_logits=False
    )
    if weights is not None:
        stored = load_file(weights / INCEPTION_FILE)
        known = {k: v.float() for k, v in stored.items()}
        network.load_state_dict(known, strict=False)
    parts = dict(network.named_children())
    names = list(parts)
    kept = [parts[name] for name in names[: names.index("Mixed_6e") + 1]]
    enlarged = nn.Upsample(size=INCEPTION_PX, mode="bilinear", align_corners=False)
    return nn.Sequential(enlarged, *kept), 768


def _resnet(name: str) -> Build:
    def build(weights: Path | None = None) -> Trunk:
        del weights  # no pretrained residual network is at hand
        network = torchvision.models.get_model(name, weights=None)
        first = network.layer4[0]
        for part in first.modules():
            if isinstance(part, nn.Conv2d):
                part.stride = (1, 1)
        parts = list(network.children())[:-2]
        return nn.Sequential(*parts), network.fc.in_features

    return build


class _LastMap(nn.Module):
    """The coarsest map of a network of timm that answers several."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        return self.network(pictures)[-1]


def of_timm(name: str, weights: Path | None = None) -> Trunk:
    """The network `name` of timm up to stride 16; weights from ``name.safetensors``."""
    import timm

    probe = timm.create_model(name, features_only=True)
    place = probe.feature_info.reduction().index(STRIDE)
    network = timm.create_model(name, features_only=True, out_indices=(place,))
    stored = weights / f"{name}.safetensors" if weights else None
    if stored is not None and stored.is_file():
        network.load_state_dict(load_file(stored), strict=False)
    return nn.Sequential(_LastMap(network)), network.feature_info.channels()[-1]


def build_trunk(name: str, weights: Path | None = None) -> Trunk:
    """The trunk of this name. Raises UnknownTrunk when there is none."""
    if name in TRUNKS:
        return TRUNKS[name](weights)
    if name.startswith(TIMM):
        return of_timm(name.removeprefix(TIMM), weights)
    raise UnknownTrunk(
        f"There is no trunk named “{name}”.",
        f"Choose one of: {', '.join(sorted(TRUNKS))}, or timm:NAME.",
    )


def fitting(
    wanted: Mapping[str, Tensor], stored: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """The stored weights whose name and shape are wanted, in full precision."""
    return {
        key: value.float() if value.is_floating_point() else value
        for key, value in stored.items()
        if key in wanted and wanted[key].shape == value.shape
    }


TRUNKS: dict[str, Build] = {
    "mobilenet_v2": mobilenet_v2,
    "inception_v3": inception_v3,
    **{name: _resnet(name) for name in RESNETS},
}
