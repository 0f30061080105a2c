"""A U-Net with an ImageNet trunk and a light decoder of separable convolutions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
import torchvision
from safetensors.torch import load_file
from torch import Tensor, nn

from marrowscope.training.networks.trunks import MOBILENET_FILE, SameConv2d

MAPS = ("cell", "nucleus", "core")


class MobileTrunk(nn.Module):
    """MobileNetV2's features at strides 2, 4, 8, 16 and 32."""

    widths = (16, 24, 32, 96, 320)
    last_of_stride = (1, 3, 6, 13, 17)
    # The costly full-resolution blocks stay as ImageNet made them: a third less work.
    frozen = 4

    def __init__(self, weights: Path | None = None) -> None:
        super().__init__()
        network = torchvision.models.mobilenet_v2(weights=None)
        if weights is not None:
            stored = load_file(weights / MOBILENET_FILE)
            network.load_state_dict({k: v.float() for k, v in stored.items()})
        self.features = network.features[:18]
        pad_as_tensorflow(self.features)
        if weights is not None:
            self.features[: self.frozen].requires_grad_(False)

    def train(self, mode: bool = True) -> MobileTrunk:
        """Training mode, but for the normalisation of frozen blocks."""
        super().train(mode)
        for block in self.features[: self.frozen]:
            if not next(block.parameters()).requires_grad:
                block.eval()
        return self

    def forward(self, image: Tensor) -> list[Tensor]:
        """Five maps, finest first."""
        found = []
        for i, block in enumerate(self.features):
            image = block(image)
            if i in self.last_of_stride:
                found.append(image)
        return found


class ResidualTrunk(nn.Module):
    """A torchvision residual network at strides 2 to 32, without start weights."""

    def __init__(self, name: str) -> None:
        super().__init__()
        network = torchvision.models.get_model(name, weights=None)
        self.stem = nn.Sequential(network.conv1, network.bn1, network.relu)
        self.pool = network.maxpool
        self.layers = nn.ModuleList(
            [network.layer1, network.layer2, network.layer3, network.layer4]
        )
        wide = network.fc.in_features
        self.widths = (64, wide // 8, wide // 4, wide // 2, wide)

    def forward(self, image: Tensor) -> list[Tensor]:
        """Five maps, finest first."""
        found = [self.stem(image)]
        deeper = self.pool(found[0])
        for layer in self.layers:
            deeper = layer(deeper)
            found.append(deeper)
        return found


BACKBONES: dict[str, Callable[[Path | None], nn.Module]] = {
    "mobilenet_v2": MobileTrunk,
    "resnet18": lambda weights: ResidualTrunk("resnet18"),
    "resnet34": lambda weights: ResidualTrunk("resnet34"),
    "resnet50": lambda weights: ResidualTrunk("resnet50"),
}


def pad_as_tensorflow(features: nn.Module) -> None:
    """Give stride-2 convolutions the one-sided padding their weights were made with."""
    for block in list(features.modules()):
        for name, child in list(block.named_children()):
            if isinstance(child, nn.Conv2d) and child.stride == (2, 2):
                same = SameConv2d(
                    child.in_channels,
                    child.out_channels,
                    3,
                    stride=2,
                    groups=child.groups,
                    bias=child.bias is not None,
                )
                same.load_state_dict(child.state_dict())
                setattr(block, name, same)


class SeparableConv(nn.Sequential):
    """Depthwise 3x3 then pointwise, each normalised."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__(
            nn.Conv2d(inside, inside, 3, padding=1, groups=inside, bias=False),
            nn.BatchNorm2d(inside),
            nn.Conv2d(inside, outside, 1, bias=False),
            nn.BatchNorm2d(outside),
            nn.ReLU(inplace=True),
        )


class CellUNet(nn.Module):
    """Logits (N, 3, H, W) of whole cell, nucleus and core from (N, 3, H, W) in -1..1.

    H and W are multiples of 32. The finest decoder map is at stride 2; logits are
    upsampled once, which is exact enough at 0.5 µm per pixel.
    """

    decoder_widths = (32, 48, 64, 112)

    def __init__(self, backbone: str = "mobilenet_v2", weights: Path | None = None):
        super().__init__()
        self.backbone = backbone
        self.trunk = BACKBONES[backbone](weights)
        widths = self.trunk.widths
        self.bottom = SeparableConv(widths[4], 160)
        above, steps = 160, []
        for skip, out in zip(
            reversed(widths[:4]), reversed(self.decoder_widths), strict=True
        ):
            pair = nn.Sequential(
                SeparableConv(above + skip, out), SeparableConv(out, out)
            )
            steps.append(pair)
            above = out
        self.steps = nn.ModuleList(steps)
        self.head = nn.Conv2d(above, len(MAPS), 1)

    def forward(self, image: Tensor) -> Tensor:
        *skips, deep = self.trunk(image)
        deep = self.bottom(deep)
        for step, skip in zip(self.steps, reversed(skips), strict=True):
            wider = F.interpolate(deep, scale_factor=2.0, mode="nearest")
            deep = step(torch.cat([wider, skip], dim=1))
        logits = self.head(deep)
        return F.interpolate(
            logits, scale_factor=2.0, mode="bilinear", align_corners=False
        )


class ExportedUNet(nn.Module):
    """What the ONNX holds: `image` (N, 3, H, W) to `maps` (N, 3, H, W) in 0..1."""

    def __init__(self, network: CellUNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        return torch.sigmoid(self.network(image))
