"""Batches of augmented windows, drawn from pools by share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from marrowscope.training.locator.augmentation import (
    mask_edges,
    random_window,
    restain,
)
from marrowscope.training.locator.field import CELL, CORE, IGNORE, NUCLEUS


@dataclass(frozen=True)
class Batch:
    """Pictures (N, 3, H, W) in -1..1, targets (N, 3, H, W), ignore (N, 1, H, W)."""

    images: Tensor
    targets: Tensor
    ignore: Tensor
    names: list[str]  # pool and row of each picture, for error messages


class Pools:
    """Packed fields by pool name, with the share each has of a batch."""

    def __init__(self, shares: dict[Path, float]) -> None:
        self.paths = list(shares)
        self.arrays = [np.load(path, mmap_mode="r") for path in self.paths]
        total = sum(shares.values())
        self.shares = [share / total for share in shares.values()]

    def batch(self, seed: int, *, count: int, size: int) -> Batch:
        """One batch, everything in it decided by the seed."""
        rng = np.random.default_rng(seed)
        windows, names = [], []
        for _ in range(count):
            pool = int(rng.choice(len(self.arrays), p=self.shares))
            row = int(rng.integers(len(self.arrays[pool])))
            window = random_window(self.arrays[pool][row], rng, size=size)
            window[..., :3] = restain(np.ascontiguousarray(window[..., :3]), rng)
            mask_edges(window, rng)
            windows.append(window)
            names.append(f"{self.paths[pool].name}[{row}]")
        return as_batch(np.stack(windows), names)


def as_batch(packed: np.ndarray, names: list[str]) -> Batch:
    """Tensors of packed windows (N, H, W, 7) uint8."""
    planes = torch.from_numpy(packed).permute(0, 3, 1, 2)
    images = (planes[:, :3].float() / 255 - 0.5) / 0.5
    core = planes[:, CORE : CORE + 1].float() / 255
    yes = (planes[:, [CELL, NUCLEUS]] > 0).float()
    ignore = (planes[:, IGNORE : IGNORE + 1] > 0).float()
    images = images.contiguous(memory_format=torch.channels_last)
    return Batch(images, torch.cat([yes, core], dim=1), ignore, names)


def names_of(batch: Batch) -> str:
    """The pictures of a batch, for messages."""
    return ", ".join(batch.names)
