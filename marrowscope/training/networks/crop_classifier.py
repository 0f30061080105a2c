"""Lee-style crop classifier: a trunk, global pooling, fine outputs and graded features.

Pooling followed by linear layers alone makes Grad-CAM exact and free: its weights are
those of the output's row, so the exported graph answers it beside the probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from marrowscope.training.fine_labels import FINE, groups
from marrowscope.training.labels import CLASSES, FEATURES
from marrowscope.training.networks.style_mixing import mix_styles
from marrowscope.training.networks.trunks import build_trunk

MAX_GRADE = 3.0
EMBEDDING = 96  # numbers by which like cells are found
STYLED = 3  # parts at the start of the trunk after which styles are mixed


class Scores(NamedTuple):
    """Logits (N, K) of the fine outputs, grades (N, 12) from 0 to 3, embedding."""

    logits: Tensor
    grades: Tensor
    embedding: Tensor


class CropClassifier(nn.Module):
    """Fine outputs and grades of crops (N, 3, 128, 128) normalised to -1..1."""

    def __init__(self, trunk: str = "mobilenet_v2", weights: Path | None = None):
        super().__init__()
        self.trunk_name = trunk
        self.trunk, width = build_trunk(trunk, weights)
        self.dropout = nn.Dropout(0.2)
        self.embedding = nn.Linear(width, EMBEDDING)
        self.fine = nn.Linear(EMBEDDING, len(FINE))
        self.grades = nn.Linear(width, len(FEATURES))
        nn.init.constant_(self.grades.bias, -2.5)  # most features are absent

    def forward(self, crops: Tensor) -> Scores:
        return self.heads(self.dropout(self.features(crops).mean(dim=(2, 3))))

    def features(self, crops: Tensor) -> Tensor:
        """The trunk's map (N, C, 8, 8); in training, styles are mixed on the way."""
        maps = crops
        for place, part in enumerate(self.trunk):
            maps = part(maps)
            if self.training and 0 < place <= STYLED:
                maps = mix_styles(maps)
        return maps

    def heads(self, pooled: Tensor) -> Scores:
        """Scores from pooled features (N, C)."""
        grades = MAX_GRADE * torch.sigmoid(self.grades(pooled))
        embedding = self.embedding(pooled)
        return Scores(self.fine(embedding), grades, embedding)


class Answer(NamedTuple):
    """What the ONNX answers, in this order."""

    probabilities: Tensor  # (N, 8)
    fine: Tensor  # (N, K)
    grades: Tensor  # (N, 12)
    saliency: Tensor  # (N, 8, 8, 8) in 0..1
    embedding: Tensor  # (N, EMBEDDING)


class ExportedClassifier(nn.Module):
    """What the ONNX holds: calibrated probabilities, grades and saliency per class."""

    def __init__(
        self,
        classifier: CropClassifier,
        temperature: float = 1.0,
        shift: Sequence[float] = (0.0,) * len(CLASSES),
    ):
        """`shift` (one per class) is added to logits that `temperature` has divided."""
        super().__init__()
        self.classifier = classifier
        self.temperature = temperature
        members = torch.from_numpy(groups())
        shifts = torch.tensor(shift, dtype=torch.float32) @ members
        self.register_buffer("members", members)  # (8, K)
        self.register_buffer("shift", shifts)  # (K,)
        rows = classifier.fine.weight @ classifier.embedding.weight
        self.register_buffer("rows", rows.detach().clone())  # (K, C)

    def forward(self, image: Tensor) -> Answer:
        features = self.classifier.trunk(image)
        scores = self.classifier.heads(features.mean(dim=(2, 3)))
        fine = F.softmax(scores.logits / self.temperature + self.shift, dim=1)
        return Answer(
            fine @ self.members.T,
            fine,
            scores.grades,
            self.saliency(features, fine),
            scores.embedding,
        )

    def saliency(self, features: Tensor, fine: Tensor) -> Tensor:
        """Grad-CAM of every class by its most probable output (N, 8, H, W).

        Each map's maximum is 1 (or it is all zero).
        """
        likely = (fine[:, None] * self.members - (1 - self.members)).argmax(dim=2)
        weights = self.rows[likely]  # (N, 8, C)
        maps = torch.relu(weights @ features.flatten(2))  # (N, 8, H * W)
        highest = maps.amax(dim=2, keepdim=True)
        maps = maps / torch.clamp(highest, min=1e-6)
        return maps.unflatten(2, features.shape[2:])
