"""BMSNet after Wu et al. 2020: trunk, two more down-samplings, pyramid, three heads.

Each head is YOLO v3's with one box per grid cell: 13 numbers, that is object, four of
the box, eight classes. The paper's heads lie at strides 8 to 32 of photos at 1000x;
here, at 0.5 µm per pixel, a cell of 12 µm is 24 pixels wide and strides 4 to 16 do.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.training.bmsnet.classes import CLASSES
from marrowscope.training.locator.network import MobileTrunk, ResidualTrunk
from marrowscope.training.networks.trunks import fitting

STRIDES = (4, 8, 16)
# Squares in pixels of 0.5 µm: the paper's anchors of 10, 13 and 20 µm, the last one
# wider, since megakaryocytes of 40 µm and more are drawn here.
ANCHORS = (18.0, 28.0, 64.0)
OUTPUTS = 5 + len(CLASSES)
WIDTH = 64
TIMM = ("seresnext50_32x4d",)
RESIDUAL = ("resnet18", "resnet34", "resnet50", "resnet101")
BACKBONES = ("mobilenet_v2", *RESIDUAL, *TIMM)
_LEAST_OBJECT = -4.5  # log-odds of a cell at a place: they are rare
_MOST_GROWTH = 2.0  # of a side over its anchor's, as a power of e


class TimmTrunk(nn.Module):
    """A trunk of timm at strides 2 to 32, with its weights where a lab has them."""

    def __init__(self, name: str) -> None:
        super().__init__()
        import timm  # only who asks for one of these needs the package

        self.body = timm.create_model(name, features_only=True, pretrained=False)
        self.widths = tuple(self.body.feature_info.channels())

    def forward(self, image: Tensor) -> list[Tensor]:
        """Five maps, finest first."""
        return self.body(image)


def trunk_of(name: str) -> nn.Module:
    """The trunk of that name, random weights. Raises MarrowScopeError."""
    if name == "mobilenet_v2":
        return MobileTrunk()
    if name in RESIDUAL:
        return ResidualTrunk(name)
    if name in TIMM:
        return TimmTrunk(name)
    raise MarrowScopeError(
        f"There is no backbone named “{name}”.",
        f"Choose one of: {', '.join(BACKBONES)}.",
    )


def conv(inside: int, outside: int, *, stride: int = 1, groups: int = 1) -> nn.Module:
    """A 3x3 convolution (1x1 where it only mixes channels), normalised."""
    return nn.Sequential(
        nn.Conv2d(
            inside, outside, 3, stride=stride, padding=1, groups=groups, bias=False
        ),
        nn.BatchNorm2d(outside),
        nn.ReLU6(inplace=True),
    )


def mixing(inside: int, outside: int) -> nn.Module:
    """A normalised 1x1 convolution."""
    return nn.Sequential(
        nn.Conv2d(inside, outside, 1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU6(inplace=True),
    )


class Head(nn.Module):
    """13 maps of one pyramid level; separable, so that a processor keeps up."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv(WIDTH, WIDTH, groups=WIDTH),
            mixing(WIDTH, 2 * WIDTH),
            conv(2 * WIDTH, 2 * WIDTH, groups=2 * WIDTH),
            mixing(2 * WIDTH, 2 * WIDTH),
        )
        self.out = nn.Conv2d(2 * WIDTH, OUTPUTS, 1)
        nn.init.normal_(self.out.weight, std=0.01)
        nn.init.zeros_(self.out.bias)
        nn.init.constant_(self.out.bias[:1], _LEAST_OBJECT)

    def forward(self, maps: Tensor) -> Tensor:
        return self.out(self.body(maps))


class BMSNet(nn.Module):
    """Raw maps (N, 13, H / stride, W / stride) of the three heads."""

    def __init__(self, backbone: str = "mobilenet_v2") -> None:
        super().__init__()
        self.backbone = backbone
        self.trunk = trunk_of(backbone)
        widths = self.trunk.widths[1:]  # strides 4 to 32
        self.deeper = nn.ModuleList(
            [conv(widths[-1], WIDTH, stride=2), conv(WIDTH, WIDTH, stride=2)]
        )
        self.across = nn.ModuleList([mixing(width, WIDTH) for width in widths])
        self.smooth = nn.ModuleList([conv(WIDTH, WIDTH) for _ in STRIDES])
        self.heads = nn.ModuleList([Head() for _ in STRIDES])

    def keep_first_blocks(self) -> None:
        """Leave the costly full-resolution blocks of MobileNetV2 as they are."""
        if isinstance(self.trunk, MobileTrunk):
            self.trunk.features[: self.trunk.frozen].requires_grad_(False)

    def forward(self, images: Tensor) -> list[Tensor]:
        found = self.trunk(images)[1:]
        coarse = [self.deeper[0](found[-1])]
        coarse.append(self.deeper[1](coarse[0]))
        above = coarse[0] + _larger(coarse[1], coarse[0])
        levels = []
        for maps, across in zip(found[::-1], self.across[::-1], strict=True):
            above = across(maps) + _larger(above, maps)
            levels.append(above)
        pairs = zip(levels[:0:-1], self.smooth, self.heads, strict=True)
        return [head(smooth(level)) for level, smooth, head in pairs]


def _larger(maps: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(maps, size=like.shape[2:], mode="nearest")


def decoded(maps: Tensor, level: int) -> Tensor:
    """(N, H, W, 13): x, y, right, bottom in pixels, then raw object and classes.

    ``b = anchor * exp(t)`` as in YOLO v3 (Redmon & Farhadi 2018).
    """
    stride, anchor = STRIDES[level], ANCHORS[level]
    height, width = maps.shape[2:]
    across = torch.arange(width, dtype=maps.dtype, device=maps.device)
    down = torch.arange(height, dtype=maps.dtype, device=maps.device)
    x = (torch.sigmoid(maps[:, 1]) * 2 - 0.5 + across[None, None, :]) * stride
    y = (torch.sigmoid(maps[:, 2]) * 2 - 0.5 + down[None, :, None]) * stride
    sides = anchor * torch.exp(maps[:, 3:5].clamp(-_MOST_GROWTH, _MOST_GROWTH))
    w, h = sides[:, 0] / 2, sides[:, 1] / 2
    boxes = torch.stack([x - w, y - h, x + w, y + h], dim=-1)
    said = torch.cat([maps[:, :1], maps[:, 5:]], dim=1).permute(0, 2, 3, 1)
    return torch.cat([boxes, said], dim=-1)


def load_start(network: BMSNet, path: Path) -> int:
    """Take what fits of a BMSNet's weights, or the trunk of a locator's (U-Net).

    Returns how many tensors fitted.
    """
    known = fitting(network.state_dict(), load_file(path))
    network.load_state_dict(known, strict=False)
    if known:
        network.keep_first_blocks()
    return len(known)
