"""Labelled cells to compare a cell with: their features, labels and small pictures.

Explanation by example: the cells that the model's own features find most alike, exact
nearest neighbours by cosine (no index: 100,000 cells are one product of matrices).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.geometry import Pixels

NEAREST = 5
UNUSUAL = 5.0  # percent of an atlas's own cells that are as unlike all others
SIDE_PX = 96  # of the small pictures
QUALITY = 88
_BLOCK = 2048


@dataclass(frozen=True, slots=True)
class Label:
    """What a cell of the atlas is called, and the lineage that gives its colour."""

    name: str
    lineage: str


@dataclass(frozen=True, slots=True)
class Alike:
    """One cell of the atlas; `likeness`: cosine of the features, at most 1.

    `picture`: JPEG, as the cell was cut for the model.
    """

    label: Label
    likeness: float
    picture: bytes


@dataclass(frozen=True, slots=True)
class Comparison:
    """The cells most alike, the nearest first. `agreed`: how many bear `label`.

    `unusual`: the nearest is less alike than the nearest of nearly every cell of the
    atlas: nothing there looks like this one. `label` is None where no label has more
    neighbours than every other.
    """

    nearest: tuple[Alike, ...]
    label: Label | None
    agreed: int
    unusual: bool


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """N labelled cells. `features` (N, D) of length 1; `which` (N,) indices of labels.

    `model_sha256`: whose features they are. `made_of`: the sources, in words.
    """

    name: str
    model: str
    model_sha256: str
    made_of: str
    features: NDArray[np.float32]
    labels: tuple[Label, ...]
    which: NDArray[np.int32]
    pictures: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.features)

    def compare(
        self, features: NDArray[np.float32], *, usual: float, own: bytes = b""
    ) -> Comparison:
        """The cells most alike to one of these features (D,); `usual` as `usual`.

        `own`: the cell's small picture. Where the atlas holds the cell itself it is
        passed over: no cell speaks for itself.
        """
        likeness = self.features @ features
        near = np.argsort(-likeness, kind="stable")[: 2 * NEAREST]
        others = [int(i) for i in near if self.pictures[i] != own]
        first = np.asarray(others[:NEAREST], np.intp)
        label, agreed = self._majority(self.which[first])
        return Comparison(
            tuple(self._alike(int(i), float(likeness[i])) for i in first),
            label,
            agreed,
            bool(likeness[first[0]] < usual) if len(first) else True,
        )

    def _alike(self, index: int, likeness: float) -> Alike:
        return Alike(self.labels[self.which[index]], likeness, self.pictures[index])

    def _majority(self, which: NDArray[np.int32]) -> tuple[Label | None, int]:
        winner = majority(which.tolist())
        if winner is None:
            return None, 0
        return self.labels[winner], int((which == winner).sum())

    def usual(self) -> float:
        """How alike the nearest other cell is to all but UNUSUAL percent of the cells.

        0 for fewer than two cells.
        """
        if len(self) < 2:
            return 0.0
        return float(np.percentile(self.neighbours(1)[1][:, 0], UNUSUAL))

    def neighbours(
        self, count: int = NEAREST
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """(N, count) the other cells most alike to each cell, and how alike."""
        count = min(count, len(self) - 1)
        near = np.zeros((len(self), count), np.intp)
        alike = np.zeros((len(self), count), np.float32)
        for start in range(0, len(self), _BLOCK):
            rows = slice(start, start + _BLOCK)
            products = self.features[rows] @ self.features.T
            own = np.arange(len(products))
            products[own, own + start] = -2
            first = np.argsort(-products, axis=1, kind="stable")[:, :count]
            near[rows] = first
            alike[rows] = np.take_along_axis(products, first, axis=1)
        return near, alike

    def save(self, path: Path) -> None:
        """Write what `load` reads."""
        lengths = np.array([len(p) for p in self.pictures], np.int64)
        with path.open("wb") as file:
            np.savez(
                file,
                about=np.array(
                    [self.name, self.model, self.model_sha256, self.made_of]
                ),
                features=self.features.astype(np.float16),
                names=np.array([label.name for label in self.labels]),
                lineages=np.array([label.lineage for label in self.labels]),
                which=self.which,
                lengths=lengths,
                pictures=np.frombuffer(b"".join(self.pictures), np.uint8),
            )

    @classmethod
    def load(cls, path: Path) -> Atlas:
        """Read an atlas. Raises UnreadableInput when the file is none."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls._of(stored)
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise UnreadableInput(
                f"The atlas {path.stem} cannot be read.",
                "Build it again from its labelled cells.",
            ) from error

    @classmethod
    def _of(cls, stored: np.lib.npyio.NpzFile) -> Atlas:
        name, model, sha256, made_of = map(str, stored["about"])
        features = stored["features"].astype(np.float32)
        features /= np.linalg.norm(features, axis=1, keepdims=True).clip(1e-12)
        words = zip(stored["names"], stored["lineages"], strict=True)
        ends = np.cumsum(stored["lengths"])
        whole = stored["pictures"].tobytes()
        starts = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
        pictures = (whole[a:b] for a, b in zip(starts, ends, strict=True))
        labels = tuple(Label(str(word), str(lineage)) for word, lineage in words)
        which = stored["which"].astype(np.int32)
        return cls(
            name, model, sha256, made_of, features, labels, which, tuple(pictures)
        )


def majority(which: Sequence[int]) -> int | None:
    """The label borne by more than any other; None where two are first."""
    ranked = Counter(which).most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def small_picture(crop: Pixels) -> bytes:
    """A crop (size, size, 3) as a small JPEG."""
    small = cv2.resize(crop, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    way = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    return cv2.imencode(".jpg", small[:, :, ::-1], way)[1].tobytes()
