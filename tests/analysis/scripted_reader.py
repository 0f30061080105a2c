"""A reader that knows where the cells are: it answers from a list, not from pixels.

Its fields hold, in their first pixel rows, where on the slide they lie: see `mapped`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from marrowscope.domain.cells import Finding, Identity
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.domain.provenance import DeviceUse, ModelIdentity
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.inference.reader import FieldSpec

OFFSET = 100
SPEC = FieldSpec(size=128, mpp=0.5, margin_um=10.0)


def mapped(width: int, height: int) -> Pixels:
    """A picture whose red and green tell x and y, in steps of 4 pixels.

    Blue is in wide stripes, so that no field looks like blank glass.
    """
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = OFFSET + x // 4
    pixels[..., 1] = OFFSET + y // 4
    pixels[..., 2] = 255 * ((x + y) // 24 % 2)
    return pixels


class ScriptedReader:
    """Finds the cells (x, y, diameter) of a `mapped` slide that a field shows."""

    spec = SPEC
    model = ModelIdentity("scripted", "1", "scripted", "0" * 64)
    device = DeviceUse("cpu", "CPU")
    min_score = 0.5

    def __init__(
        self,
        cells: Sequence[tuple[float, float, float]],
        vocabulary: ModelVocabulary,
        *,
        jitter: float = 0.0,
    ) -> None:
        self._cells = cells
        self._jitter = jitter
        self.vocabulary = vocabulary
        self.classes = vocabulary.class_ids

    def read(self, fields: Sequence[Pixels]) -> list[list[Finding]]:
        return [self._read(field) for field in fields]

    def _read(self, field: Pixels) -> list[Finding]:
        left, top = _corner(field)
        height, width = field.shape[:2]
        rng = np.random.default_rng(left * 1000 + top)
        found = []
        for x, y, size in self._cells:
            shift = rng.normal(0, self._jitter, 2)
            box = Box(x - size / 2 - left, y - size / 2 - top, size, size)
            seen = box.moved(*shift).intersection(Box(0, 0, width, height))
            if seen and seen.area > 0.1 * box.area:
                cut = seen.area < 0.999 * box.area
                found.append(Finding(seen, 0.9, self._identity(), None, cut))
        return found

    def _identity(self) -> Identity:
        chances = np.full(len(self.classes), 1 / len(self.classes), np.float32)
        return Identity(chances, np.zeros(len(self.vocabulary.features), np.float32))


def _corner(field: Pixels) -> tuple[int, int]:
    """Where a field lies, from the steps in its colours: exact to the pixel."""
    return _start(field[0, :, 0]), _start(field[:, 0, 1])


def _start(line: np.ndarray) -> int:
    first_step = int(np.argmax(line != line[0])) if (line != line[0]).any() else 0
    return (int(line[0]) - OFFSET) * 4 + (4 - first_step) % 4
