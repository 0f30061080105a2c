"""Dice and cross-entropy of cell and nucleus, cross-entropy of core."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def maps_loss(logits: Tensor, targets: Tensor, ignore: Tensor) -> Tensor:
    """Loss of logits (N, 3, H, W) against targets 0..1 of the same shape.

    ignore: (N, 1, H, W), 1 where nobody learns. Cell edges count threefold in the core
    map, whose dips are what parts touching cells, and so does the ground beside cells
    in the cell map.
    """
    keep = 1.0 - ignore
    each = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    core = targets[:, 2:3]
    shallow = ((targets[:, 0:1] > 0.5) & (core < 0.35)).to(core.dtype)
    edges = keep * (1.0 + 2.0 * shallow)
    plain = mean_over(each[:, :1], keep * (1.0 + 2.0 * near_cells(targets[:, :1])))
    plain = plain + mean_over(each[:, 1:2], keep) + 1.5 * mean_over(each[:, 2:], edges)
    return plain + 0.5 * dice_loss(logits[:, :2].sigmoid(), targets[:, :2], keep)


def near_cells(cell: Tensor) -> Tensor:
    """1 on the background within 2 µm of a cell, where a mask could leak."""
    return F.max_pool2d(cell, 9, stride=1, padding=4) - cell


def mean_over(values: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean of a per-pixel loss."""
    weights = weights.expand_as(values)
    return (values * weights).sum() / weights.sum().clamp(min=1.0)


def dice_loss(seen: Tensor, truth: Tensor, keep: Tensor) -> Tensor:
    """One minus the soft Dice of each map over the whole batch."""
    both = (seen * truth * keep).sum(dim=(0, 2, 3))
    either = ((seen + truth) * keep).sum(dim=(0, 2, 3))
    return (1.0 - (2 * both + 1.0) / (either + 1.0)).mean()
