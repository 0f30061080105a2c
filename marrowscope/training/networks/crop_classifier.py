"""The `lee` crop classifier: trunk, global average pooling, two linear heads.

With pooling followed by one linear layer, Grad-CAM of a class is exactly the ReLU of
the class's weights applied to the feature map (Zhou et al. 2016; Selvaraju et al.
2017), so the exported graph computes it in the same pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from marrowscope.training.labels import CLASSES, FEATURES
from marrowscope.training.networks.trunks import TRUNKS

MAX_GRADE = 3.0


class Scores(NamedTuple):
    """Logits (N, 8) of the classes and grades (N, 12) from 0 to 3."""

    logits: Tensor
    grades: Tensor


class CropClassifier(nn.Module):
    """Class and grades of crops (N, 3, 128, 128) normalised to -1..1."""

    def __init__(self, trunk: str = "mobilenet_v2", weights: Path | None = None):
        super().__init__()
        self.trunk_name = trunk
        self.trunk, width = TRUNKS[trunk](weights)
        self.dropout = nn.Dropout(0.2)
        self.classes = nn.Linear(width, len(CLASSES))
        self.grades = nn.Linear(width, len(FEATURES))
        nn.init.constant_(self.grades.bias, -2.5)  # most features are absent

    def forward(self, crops: Tensor) -> Scores:
        pooled = self.dropout(self.trunk(crops).mean(dim=(2, 3)))
        return self.heads(pooled)

    def heads(self, pooled: Tensor) -> Scores:
        """Scores from pooled features (N, C)."""
        grades = MAX_GRADE * torch.sigmoid(self.grades(pooled))
        return Scores(self.classes(pooled), grades)


class ExportedClassifier(nn.Module):
    """What the ONNX holds: calibrated probabilities, grades and saliency per class."""

    def __init__(
        self,
        classifier: CropClassifier,
        temperature: float = 1.0,
        shift: Sequence[float] = (0.0,) * len(CLASSES),
    ):
        """`shift` is added to the logits once `temperature` has divided them."""
        super().__init__()
        self.classifier = classifier
        self.temperature = temperature
        self.register_buffer("shift", torch.tensor(shift, dtype=torch.float32))

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Probabilities (N, 8), grades (N, 12) and saliency (N, 8, 8, 8) in 0..1."""
        features = self.classifier.trunk(image)
        scores = self.classifier.heads(features.mean(dim=(2, 3)))
        logits = scores.logits / self.temperature + self.shift
        probabilities = F.softmax(logits, dim=1)
        return probabilities, scores.grades, self.saliency(features)

    def saliency(self, features: Tensor) -> Tensor:
        """Grad-CAM of every class, each map's maximum 1 (or all zero)."""
        weights = self.classifier.classes.weight[:, :, None, None]
        maps = torch.relu(F.conv2d(features, weights))
        highest = maps.amax(dim=(2, 3), keepdim=True)
        return maps / torch.clamp(highest, min=1e-6)
