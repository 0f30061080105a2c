"""The detector as ONNX: proposals, pooling and suppression in one graph."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.models.detection import FasterRCNN
from torchvision.ops import nms

from marrowscope.training.mori.boxed_field import INTEREST, REST
from marrowscope.training.mori.detector_network import ANCHORS, STRIDES

RANKED, PROPOSED, ANSWERED = 1000, 400, 300
PROPOSAL_OVERLAP, CELL_OVERLAP = 0.7, 0.45
APART = 10_000.0  # pixels between levels, so that no box suppresses another level's
OPSET = 17
OUTPUTS = ("boxes", "scores")


class ExportedDetector(nn.Module):
    """One field (1, 3, H, W) to `boxes` (1, K, 4) and `scores` (1, K, 2).

    Boxes are x, y, right, bottom; scores the chances of "of interest" and "rest".
    Sides are multiples of 32, at least 128. Unlike torchvision the best proposals are
    ranked over all levels of the pyramid at once, and boxes of interest alone suppress
    each other.
    """

    def __init__(self, network: FasterRCNN) -> None:
        super().__init__()
        self.backbone = network.backbone
        self.rpn, self.heads = network.rpn, network.roi_heads
        for level, sides in enumerate(ANCHORS):
            half = torch.tensor(sides).float()[:, None] / 2
            square = torch.cat([-half, -half, half, half], dim=1).round()
            self.register_buffer(f"anchors{level}", square)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.backbone(image)
        proposals = self.proposals(list(maps.values()), image)
        boxes, scores = self.named(maps, proposals, image)
        keep = nms(boxes, scores[:, 0], CELL_OVERLAP)[:ANSWERED]
        return boxes[keep][None], scores[keep][None]

    def proposals(self, maps: list[Tensor], image: Tensor) -> Tensor:
        """(P, 4) places where something may lie, best first."""
        objectness, deltas = self.rpn.head(maps)
        parts = []
        for level, (score, delta) in enumerate(zip(objectness, deltas, strict=True)):
            anchors = self.anchors(level, score)
            shape = (1, score.shape[1], 4, score.shape[2], score.shape[3])
            moved = delta.reshape(shape).permute(0, 3, 4, 1, 2).reshape(-1, 4)
            boxes = self.rpn.box_coder.decode_single(moved, anchors)
            flat = score.permute(0, 2, 3, 1).reshape(-1)
            parts.append((boxes, flat, torch.full_like(flat, level * APART)))
        boxes, scores, apart = (
            torch.cat(column) for column in zip(*parts, strict=True)
        )
        best, rows = scores.topk(RANKED)
        boxes = inside(boxes[rows], image)
        keep = nms(boxes + apart[rows, None], best, PROPOSAL_OVERLAP)[:PROPOSED]
        return boxes[keep]

    def anchors(self, level: int, score: Tensor) -> Tensor:
        """(H * W * A, 4) squares of one level, in the order of its scores."""
        base, stride = getattr(self, f"anchors{level}"), STRIDES[level]
        x = torch.arange(score.shape[3]) * stride
        y = torch.arange(score.shape[2]) * stride
        rows, columns = torch.meshgrid(y, x, indexing="ij")
        shift = torch.stack([columns, rows, columns, rows], dim=-1).reshape(-1, 1, 4)
        return (shift + base[None]).reshape(-1, 4)

    def named(
        self, maps: OrderedDict[str, Tensor], proposals: Tensor, image: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Boxes (P, 4) of interest and chances (P, 2) of interest and rest."""
        size = (int(image.shape[2]), int(image.shape[3]))
        pooled = self.heads.box_roi_pool(maps, [proposals], [size])
        logits, deltas = self.heads.box_predictor(self.heads.box_head(pooled))
        own = deltas[:, 4 * INTEREST : 4 * INTEREST + 4]
        boxes = self.heads.box_coder.decode_single(own, proposals)
        return inside(boxes, image), logits.softmax(dim=1)[:, [INTEREST, REST]]


def inside(boxes: Tensor, image: Tensor) -> Tensor:
    """Boxes (N, 4) clipped to the image."""
    x = boxes[:, 0::2].clamp(min=0)
    y = boxes[:, 1::2].clamp(min=0)
    x = torch.minimum(x, torch.as_tensor(image.shape[3], dtype=x.dtype))
    y = torch.minimum(y, torch.as_tensor(image.shape[2], dtype=y.dtype))
    return torch.stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]], dim=1)


@torch.no_grad()
def write_detector(network: FasterRCNN, path: Path) -> ExportedDetector:
    """The graph with input `image` (1, 3, H, W) and the two `OUTPUTS`."""
    exported = ExportedDetector(network.to(memory_format=torch.contiguous_format))
    exported.eval()
    example = torch.zeros(1, 3, 256, 320)
    exported(example)  # the pooling learns its scales from a first picture
    with warnings.catch_warnings():
        # The scripted exporter is announced as old; the new one needs onnxscript.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            exported,
            (example,),
            str(path),
            input_names=["image"],
            output_names=list(OUTPUTS),
            dynamic_axes={
                "image": {2: "height", 3: "width"},
                "boxes": {1: "found"},
                "scores": {1: "found"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
    return exported
