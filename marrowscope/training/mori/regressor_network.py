"""The graded regressor: a trunk, dropout, one linear layer, sigmoid times maximum."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from marrowscope.inference.graded_labels import FOCUS, LABELS, MAXIMA, index_of
from marrowscope.inference.rotations import TURNS
from marrowscope.training.networks.trunks import build_trunk, fitting

DROPOUT = 0.5
FOCUS_WEIGHT = 10.0
ABSENT = -3.5  # the sigmoid's argument of a label at the start: most are absent
CROP_PX = 128


class GradeNetwork(nn.Module):
    """Outputs (N, 34) from 0 to each label's maximum, of crops (N, 3, 128, 128)."""

    def __init__(self, trunk: str = "mobilenet_v2", weights: Path | None = None):
        super().__init__()
        self.trunk_name = trunk
        self.trunk, width = build_trunk(trunk, weights)
        self.dropout = nn.Dropout(DROPOUT)
        self.labels = nn.Linear(width, len(LABELS))
        # A label that no cell shows stays at nearly nothing for ever.
        nn.init.zeros_(self.labels.weight)
        nn.init.constant_(self.labels.bias, ABSENT)
        self.register_buffer("maxima", torch.from_numpy(MAXIMA.copy()))

    def forward(self, crops: Tensor) -> Tensor:
        return self.graded(self.dropout(self.trunk(crops).mean(dim=(2, 3))))

    def graded(self, pooled: Tensor) -> Tensor:
        """Outputs from pooled features (N, C)."""
        return self.maxima * torch.sigmoid(self.labels(pooled))


def load_start(network: GradeNetwork, path: Path) -> int:
    """Take what fits of a regressor's weights, or the trunk of another classifier's.

    Returns how many tensors fitted.
    """
    known = fitting(network.state_dict(), load_file(path))
    network.load_state_dict(known, strict=False)
    return len(known)


def label_weights(*, kind_weight: float = 1.0) -> Tensor:
    """(34,) weights of the loss: 10 for the focus label, `kind_weight` for kinds."""
    weights = np.where(MAXIMA > 1, 1.0, kind_weight).astype(np.float32)
    weights[index_of(FOCUS)] = FOCUS_WEIGHT
    return torch.from_numpy(weights)


def quartic_loss(
    outputs: Tensor, targets: Tensor, known: Tensor, weights: Tensor
) -> Tensor:
    """Mean of w (x - t)^4 over the known ones of (N, 34): Mori et al. 2020."""
    far = weights * (outputs - targets) ** 4
    return (far * known).sum() / known.sum().clamp(min=1)


class TurningRegressor(nn.Module):
    """What the ONNX holds: crops and angles to the highest outputs and maps.

    `image` (N, 3, 128, 128), `turns` (T,) radians; `outputs` (N, 34) are the highest
    over the turns, `saliency` (N, 34, 8, 8) class activation maps of the first turn.
    """

    def __init__(self, network: GradeNetwork, size: int = CROP_PX) -> None:
        super().__init__()
        self.network = network
        centres = (torch.arange(size) * 2 + 1) / size - 1
        y, x = torch.meshgrid(centres, centres, indexing="ij")
        self.register_buffer("places", torch.stack([x, y], dim=-1).reshape(-1, 2))
        self.size = size

    def forward(self, image: Tensor, turns: Tensor) -> tuple[Tensor, Tensor]:
        features = self.network.trunk(self.turned(image, turns))  # (N * T, C, h, w)
        graded = self.network.graded(features.mean(dim=(2, 3)))
        each = graded.reshape(image.shape[0], turns.shape[0], len(LABELS))
        maps = features.reshape(image.shape[0], turns.shape[0], *features.shape[1:])[
            :, 0
        ]
        return each.amax(dim=1), self.saliency(maps)

    def turned(self, image: Tensor, turns: Tensor) -> Tensor:
        """Every crop in every turn, (N * T, 3, H, W); corners mirror what is inside."""
        count = turns.shape[0]
        cos, sin = torch.cos(turns), torch.sin(turns)
        matrix = torch.stack([cos, -sin, sin, cos], dim=1).reshape(count, 2, 2)
        grids = torch.matmul(self.places, matrix.transpose(1, 2))  # (T, H * W, 2)
        grids = grids.reshape(1, count, self.size, self.size, 2)
        grids = grids.expand(image.shape[0], -1, -1, -1, -1)
        copies = image.unsqueeze(1).expand(-1, count, -1, -1, -1)
        return F.grid_sample(
            copies.reshape(-1, 3, self.size, self.size),
            grids.reshape(-1, self.size, self.size, 2),
            mode="bilinear",
            padding_mode="reflection",
            align_corners=False,
        )

    def saliency(self, maps: Tensor) -> Tensor:
        """Class activation maps (N, 34, h, w), each with maximum 1 or all zero."""
        rows = self.network.labels.weight
        active = torch.relu(torch.matmul(rows, maps.flatten(2)))
        highest = active.amax(dim=2, keepdim=True)
        active = active / torch.clamp(highest, min=1e-6)
        return active.reshape(-1, len(LABELS), maps.shape[2], maps.shape[3])


ALL_TURNS = torch.from_numpy(TURNS.copy())
