"""A drawn smear small enough for tests, and a reader that reads it in earnest."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from scipy import ndimage

from marrowscope.domain.cells import Finding, Identity
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.domain.provenance import DeviceUse, ModelIdentity
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.inference.reader import FieldSpec

WIDTH, HEIGHT, RADIUS = 900, 700, 22
# One disc hangs over the left edge; two touch the border between fields.
CENTRES = [
    *((5, 300), (120, 90), (260, 110), (400, 90), (450, 350), (452, 520)),
    *((560, 110), (700, 200), (820, 90), (160, 560), (620, 580), (850, 620)),
]


def drawn_smear(path: Path, *, shift: int = 0) -> Path:
    """A PNG with twelve dark discs on pale pink; `shift` makes another field.

    Its cells lie otherwise, or it would be the same place photographed again.
    """
    picture = np.full((HEIGHT, WIDTH, 3), (225, 215, 240), np.uint8)  # BGR
    noise = np.random.default_rng(3 + shift).integers(0, 8, picture.shape)
    picture -= noise.astype(np.uint8)
    away = np.random.default_rng(shift).integers(-25, 26, (len(CENTRES), 2))
    for (x, y), (dx, dy) in zip(CENTRES, away * bool(shift), strict=True):
        place = int(x + dx), int(y + dy)
        cv2.circle(picture, place, RADIUS, (120, 40, 90), -1)
    cv2.imwrite(str(path), picture)
    return path


class BlobReader:
    """Finds dark discs. Left halves of a field are GN, right halves ED.

    `slowness`: seconds a field takes. `threads`: names of the threads that called it.
    """

    def __init__(self, vocabulary: ModelVocabulary) -> None:
        self.vocabulary = vocabulary
        self.spec = FieldSpec(size=256, mpp=0.25, margin_um=14.0)
        self.model = ModelIdentity("lee", "0", "lee", "00" * 32)
        self.device = DeviceUse("auto", "CPU")
        self.min_score = 0.5
        self.slowness = 0.0
        self.threads: set[str] = set()

    @property
    def classes(self) -> Sequence[str]:
        return self.vocabulary.class_ids

    def read(self, fields: Sequence[Pixels]) -> list[list[Finding]]:
        self.threads.add(threading.current_thread().name)
        time.sleep(self.slowness * len(fields))
        return [self._read(field) for field in fields]

    def _read(self, field: Pixels) -> list[Finding]:
        labels, _ = ndimage.label(field[..., 1] < 120)
        return [
            self._finding(Box(x.start, y.start, x.stop - x.start, y.stop - y.start), i)
            for i, (y, x) in enumerate(ndimage.find_objects(labels))
            if x.stop - x.start > 8
        ]

    def _finding(self, box: Box, number: int) -> Finding:
        probabilities = np.full(len(self.classes), 0.02, np.float32)
        named = "ED" if number % 3 == 0 else "GN"
        probabilities[self.vocabulary.class_ids.index(named)] = 1.0
        grades = np.zeros(len(self.vocabulary.features), np.float32)
        if named == "ED":
            grades[0] = 2.0
        saliency = np.full((8, 8), 128, np.uint8)
        identity = Identity(probabilities / probabilities.sum(), grades, saliency)
        return Finding(box, 0.9, identity)
