"""What BMSNet learns from: which place of which head answers for which cell."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor
from torchvision.ops import complete_box_iou_loss

from marrowscope.training.bmsnet.classes import CLASSES
from marrowscope.training.bmsnet.named_fields import FIRST_CLASS, UNTOLD
from marrowscope.training.bmsnet.network import ANCHORS, STRIDES, decoded
from marrowscope.training.mori.boxed_field import IGNORED

FITS = 0.45  # of a square anchor's area and a box's: heads that answer for the box too
NEAR_ENOUGH = 0.55  # overlap from which a wrong place is no error


@dataclass(frozen=True)
class Weights:
    """How much each part of the loss counts."""

    box: float = 2.0
    object: float = 1.0
    classes: float = 1.5
    by_class: tuple[float, ...] = (1.0,) * len(CLASSES)  # rare classes count more


@dataclass
class Told:
    """What one head's places (N, H, W) must say of a batch.

    `row`: which box of all, -1 none. `unsure`: neither right nor wrong.
    """

    row: Tensor
    unsure: Tensor


def shape_overlap(sides: Tensor) -> Tensor:
    """(M, 3) overlap of each box's sides (M, 2) with each square anchor's."""
    anchors = torch.tensor(ANCHORS)[None, :, None].expand(len(sides), -1, 2)
    shared = torch.minimum(anchors, sides[:, None]).prod(dim=2)
    return shared / (anchors.prod(dim=2) + sides.prod(dim=1)[:, None] - shared)


def assigned(
    boxes: Tensor, picture: Tensor, shapes: list[tuple[int, int, int]]
) -> list[Tensor]:
    """For each head (N, H, W): the row of the box whose middle lies there, or -1.

    The head whose anchor fits best answers for a box, and others that fit well.
    """
    middle, sides = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    overlap = shape_overlap(sides)
    best = overlap.argmax(dim=1) if len(boxes) else torch.zeros(0, dtype=torch.long)
    # Small boxes last: where two middles share a place the smaller one stays.
    order = torch.argsort(sides.prod(dim=1), descending=True)
    heads = []
    for level, shape in enumerate(shapes):
        rows = torch.full(shape, -1, dtype=torch.long)
        own = order[(best[order] == level) | (overlap[order, level] > FITS)]
        place = (middle[own] / STRIDES[level]).long()
        x = place[:, 0].clamp(0, shape[2] - 1)
        y = place[:, 1].clamp(0, shape[1] - 1)
        rows[picture[own], y, x] = own
        heads.append(rows)
    return heads


def loss_of(
    maps: list[Tensor], targets: list[dict[str, Tensor]], weights: Weights
) -> dict[str, Tensor]:
    """The weighted parts by name, for raw maps and boxes whose labels are kinds."""
    boxes = torch.cat([t["boxes"] for t in targets])
    kinds = torch.cat([t["labels"] for t in targets])
    picture = torch.cat(
        [torch.full((len(t["boxes"]),), i) for i, t in enumerate(targets)]
    ).long()
    cells, hidden = kinds >= UNTOLD, kinds == IGNORED
    rows = assigned(
        boxes[cells],
        picture[cells],
        [(m.shape[0], m.shape[2], m.shape[3]) for m in maps],
    )
    parts = [
        _head_loss(
            decoded(m.float(), level),
            found,
            boxes[cells],
            kinds[cells],
            (picture, boxes, cells | hidden, hidden),
            torch.tensor(weights.by_class),
        )
        for level, (m, found) in enumerate(zip(maps, rows, strict=True))
    ]
    count = max(int(cells.sum()), 1)
    named = {
        name: torch.stack([part[name] for part in parts]).sum() / count
        for name in parts[0]
    }
    return {name: getattr(weights, name) * value for name, value in named.items()}


def _head_loss(
    said: Tensor,
    rows: Tensor,
    boxes: Tensor,
    kinds: Tensor,
    others: tuple[Tensor, Tensor, Tensor, Tensor],
    by_class: Tensor,
) -> dict[str, Tensor]:
    answering = rows >= 0
    told = said[answering]
    truth = rows[answering]
    known = kinds[truth] >= FIRST_CLASS
    return {
        "box": complete_box_iou_loss(told[:, :4], boxes[truth], reduction="sum"),
        "object": _object_loss(said, answering, others),
        "classes": F.cross_entropy(
            told[known][:, 5:],
            kinds[truth][known] - FIRST_CLASS,
            weight=by_class,
            reduction="sum",
            label_smoothing=0.05,
        ),
    }


def _object_loss(
    said: Tensor, answering: Tensor, others: tuple[Tensor, Tensor, Tensor, Tensor]
) -> Tensor:
    """Focal cross-entropy (Lin et al. 2017): the empty places are many and easy."""
    logits = said[..., 4]
    target = answering.float()
    with torch.no_grad():
        unsure = torch.zeros_like(answering)
        picture, boxes, countable, hidden = others
        for i in range(len(said)):
            own = (picture == i) & countable
            unsure[i] = _near_something(said[i], boxes[own], hidden[own])
        chance = torch.sigmoid(logits)
        hard = torch.where(answering, 1 - chance, chance) ** 2
        weight = torch.where(answering, 1.0, 0.6) * hard
        weight[unsure & ~answering] = 0.0
    each = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (weight * each).sum()


def _near_something(said: Tensor, boxes: Tensor, hidden: Tensor) -> Tensor:
    """(H, W) True where the answer lies well on a cell, or within an ignored box."""
    shape = said.shape[:2]
    unsure = torch.zeros(shape, dtype=torch.bool)
    likely = said[..., 4] > -3.0
    if not len(boxes) or not bool(likely.any()):
        return unsure
    own = said[likely][:, :4]
    low = torch.maximum(own[:, None, :2], boxes[None, :, :2])
    high = torch.minimum(own[:, None, 2:], boxes[None, :, 2:])
    shared = (high - low).clamp(min=0).prod(dim=2)
    area = (own[:, 2:] - own[:, :2]).prod(dim=1)[:, None]
    total = area + (boxes[:, 2:] - boxes[:, :2]).prod(dim=1)[None] - shared
    on_cell = (shared / total > NEAR_ENOUGH) & ~hidden[None]
    inside = (shared / area > 0.5) & hidden[None]
    unsure[likely] = (on_cell | inside).any(dim=1)
    return unsure
