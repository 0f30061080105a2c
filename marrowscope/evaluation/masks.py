"""How well drawn outlines cover the cell and its nucleus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.errors import UnreadableInput

Mask = NDArray[np.uint8]  # (H, W) 0 background, 128 cytoplasm, 255 nucleus
PARTS = {"cell": 64, "nucleus": 192}  # the lowest grey that belongs to the part


@dataclass(frozen=True, slots=True)
class MaskReport:
    """Mean overlap over pictures, from 0 to 1, of "cell" and of "nucleus"."""

    dice: dict[str, float | None]
    iou: dict[str, float | None]
    images: int

    def as_json(self) -> dict[str, object]:
        """`dice` and `iou`, each with `cell` and `nucleus`, and `images`."""
        return {"dice": self.dice, "iou": self.iou, "images": self.images}


def evaluate_masks(pairs: Iterable[tuple[Mask, Mask]]) -> MaskReport:
    """Pairs of (true, found) masks of equal shape; None as means when there are none.

    A part absent from both masks is full agreement (1). Raises ValueError when the
    shapes of a pair differ.
    """
    scores: dict[str, list[tuple[float, float]]] = {part: [] for part in PARTS}
    images = 0
    for true, found in pairs:
        images += 1
        for part, grey in PARTS.items():
            scores[part].append(overlap(true >= grey, found >= grey))

    def mean(part: str, column: int) -> float | None:
        return float(np.mean([s[column] for s in scores[part]])) if images else None

    return MaskReport(
        dice={part: mean(part, 0) for part in PARTS},
        iou={part: mean(part, 1) for part in PARTS},
        images=images,
    )


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
