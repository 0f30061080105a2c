"""How well drawn outlines cover the cell and its nucleus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.statistics import Interval
from marrowscope.evaluation.resampling import as_pair, over_pictures

Mask = NDArray[np.uint8]  # (H, W) 0 background, 128 cytoplasm, 255 nucleus
PARTS = {"cell": 64, "nucleus": 192}  # the lowest grey that belongs to the part


@dataclass(frozen=True, slots=True)
class PictureOverlap:
    """Dice and IoU of one picture by part, from 0 to 1."""

    name: str
    dice: Mapping[str, float]
    iou: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class MaskReport:
    """Mean overlap over pictures, from 0 to 1, of "cell" and of "nucleus".

    `intervals`: 95 % by resampling pictures, keys such as "dice cell".
    """

    pictures: tuple[PictureOverlap, ...]
    intervals: Mapping[str, Interval]

    @property
    def images(self) -> int:
        return len(self.pictures)

    @property
    def dice(self) -> dict[str, float | None]:
        return {part: _mean([p.dice[part] for p in self.pictures]) for part in PARTS}

    @property
    def iou(self) -> dict[str, float | None]:
        return {part: _mean([p.iou[part] for p in self.pictures]) for part in PARTS}

    def worst(self, part: str, count: int = 5) -> list[PictureOverlap]:
        """The pictures with the lowest Dice of a part, worst first."""
        return sorted(self.pictures, key=lambda p: p.dice[part])[:count]

    def as_json(self) -> dict[str, object]:
        """`dice` and `iou`, each with `cell` and `nucleus`, and `images`; beside them
        `dice_interval`, `iou_interval` and `per_picture`, worst cell first."""
        limits = {
            f"{name}_interval": {
                part: as_pair(self.intervals.get(f"{name} {part}")) for part in PARTS
            }
            for name in ("dice", "iou")
        }
        listed = [
            {"name": p.name, "dice": dict(p.dice), "iou": dict(p.iou)}
            for p in self.worst("cell", self.images)
        ]
        return {
            "dice": self.dice,
            "iou": self.iou,
            "images": self.images,
            **limits,
            "per_picture": listed,
        }


def evaluate_masks(
    pairs: Iterable[tuple[Mask, Mask]], names: Sequence[str] = ()
) -> MaskReport:
    """Pairs of (true, found) masks of equal shape; None as means when there are none.

    A part absent from both masks is full agreement (1). `names` of the pictures, else
    their numbers from 1. Raises ValueError when the shapes of a pair differ.
    """
    pictures: list[PictureOverlap] = []
    for number, (true, found) in enumerate(pairs):
        name = names[number] if names else str(number + 1)
        scores = {p: overlap(true >= g, found >= g) for p, g in PARTS.items()}
        dice, iou = ({p: s[i] for p, s in scores.items()} for i in (0, 1))
        pictures.append(PictureOverlap(name, dice, iou))
    return MaskReport(tuple(pictures), _intervals(pictures))


def _intervals(pictures: Sequence[PictureOverlap]) -> dict[str, Interval]:
    columns = {
        f"{name} {part}": np.array([getattr(p, name)[part] for p in pictures])
        for name in ("dice", "iou")
        for part in PARTS
    }

    def means(weights: NDArray[np.intp]) -> dict[str, float | None]:
        count = int(weights.sum())
        return {name: float(weights @ c) / count for name, c in columns.items()}

    return over_pictures(means, len(pictures))


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def overlap(true: NDArray[Any], found: NDArray[Any]) -> tuple[float, float]:
    """Dice and intersection over union of two boolean masks; 1 when both are empty."""
    if true.shape != found.shape:
        raise ValueError(f"masks of {true.shape} and {found.shape} cannot be compared")
    shared = int((true & found).sum())
    both = int(true.sum()) + int(found.sum())
    if not both:
        return 1.0, 1.0
    return 2 * shared / both, shared / (both - shared)


def masked_pictures(folder: Path) -> list[tuple[Path, Path]]:
    """Pairs (picture, its mask) of a folder of `NAME.*` and `NAME_mask.png`.

    Raises UnreadableInput when there is none.
    """
    files = sorted(p for p in folder.iterdir() if p.is_file())
    pictures = {p.stem: p for p in files if not p.stem.endswith("_mask")}
    masks = [p for p in files if p.name.endswith("_mask.png")]
    pairs = [
        (pictures[stem], mask)
        for mask in masks
        if (stem := mask.name.removesuffix("_mask.png")) in pictures
    ]
    if not pairs:
        raise UnreadableInput(
            f"The folder {folder.name} has no pictures with masks.",
            "Put NAME.jpg (or png, tif, bmp) beside NAME_mask.png.",
        )
    return pairs
