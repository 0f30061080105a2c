"""Faster R-CNN (torchvision) with a feature pyramid and two kinds of box.

Ren et al. 2015; Lin et al. 2017 for the pyramid; Mori et al. 2020 for the kinds: cells
of interest and the rest (red cells, platelets, trash).
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.roi_heads import RoIHeads
from torchvision.models.detection.rpn import RegionProposalNetwork, RPNHead
from torchvision.models.detection.transform import GeneralizedRCNNTransform
from torchvision.ops import FeaturePyramidNetwork, MultiScaleRoIAlign

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.training.locator.network import MobileTrunk, ResidualTrunk
from marrowscope.training.mori.boxed_field import IGNORED, REST
from marrowscope.training.networks.trunks import fitting

BACKBONES = ("mobilenet_v2", "resnet18", "resnet34", "resnet50", "resnet101")
LEVELS = ("0", "1", "2", "3")  # strides 4, 8, 16, 32
STRIDES = (4, 8, 16, 32)
WIDTH = 64  # channels of the pyramid
HIDDEN = 256
# Squares, in pixels of 0.5 µm: platelets of 3 µm to megakaryocytes of 80 µm.
ANCHORS = ((10, 16), (24, 34), (48, 68), (104, 160))
CANONICAL_SIDE, CANONICAL_LEVEL = 40, 3  # a cell of 20 µm is looked at with stride 8
MOSTLY_IGNORED = 0.5  # of a box's area


class UnknownBackbone(MarrowScopeError):
    """A backbone was asked for that nobody knows."""


class PyramidBackbone(nn.Module):
    """A trunk and its pyramid: maps of `WIDTH` channels at strides 4 to 32.

    Normalisation keeps the statistics it came with: four fields are too few for new
    ones. bfloat16 in training, where a processor is twice as fast with it.
    """

    out_channels = WIDTH

    def __init__(self, name: str) -> None:
        super().__init__()
        if name not in BACKBONES:
            raise UnknownBackbone(
                f"There is no backbone named “{name}”.",
                f"Choose one of: {', '.join(BACKBONES)}.",
            )
        small = name == "mobilenet_v2"
        self.trunk = MobileTrunk() if small else ResidualTrunk(name)
        self.pyramid = FeaturePyramidNetwork(list(self.trunk.widths[1:]), WIDTH)

    def keep_first_blocks(self) -> None:
        """Leave the costly full-resolution blocks of MobileNetV2 as they are."""
        if isinstance(self.trunk, MobileTrunk):
            self.trunk.features[: self.trunk.frozen].requires_grad_(False)

    def train(self, mode: bool = True) -> PyramidBackbone:
        """Training mode, but for the trunk's normalisation."""
        super().train(mode)
        for part in self.trunk.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.eval()
        return self

    def forward(self, images: Tensor) -> OrderedDict[str, Tensor]:
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training):
            maps = self.trunk(images)[1:]
            found = self.pyramid(OrderedDict(zip(LEVELS, maps, strict=True)))
        return OrderedDict((name, value.float()) for name, value in found.items())


class PatientProposals(RegionProposalNetwork):
    """A proposal network that learns nothing from what lies in an ignored box."""

    def assign_targets_to_anchors(
        self, anchors: list[Tensor], targets: list[dict[str, Tensor]]
    ) -> tuple[list[Tensor], list[Tensor]]:
        told = [{"boxes": t["boxes"][t["labels"] != IGNORED]} for t in targets]
        labels, matched = super().assign_targets_to_anchors(anchors, told)
        for found, boxes, target in zip(labels, anchors, targets, strict=True):
            hidden = target["boxes"][target["labels"] == IGNORED]
            found[(found == 0) & mostly_inside(boxes, hidden)] = -1.0
        return labels, matched


class PatientHeads(RoIHeads):
    """Heads that learn nothing from what lies in an ignored box.

    Ignored boxes must come last among a picture's boxes.
    """

    def assign_targets_to_proposals(
        self, proposals: list[Tensor], gt_boxes: list[Tensor], gt_labels: list[Tensor]
    ) -> tuple[list[Tensor], list[Tensor]]:
        kept = [labels != IGNORED for labels in gt_labels]
        rows, labels = super().assign_targets_to_proposals(
            proposals,
            [boxes[k] for boxes, k in zip(gt_boxes, kept, strict=True)],
            [names[k] for names, k in zip(gt_labels, kept, strict=True)],
        )
        pairs = zip(labels, proposals, gt_boxes, kept, strict=True)
        for found, boxes, truth, k in pairs:
            found[(found == 0) & mostly_inside(boxes, truth[~k])] = -1
        return rows, labels


class AsTheyCome(GeneralizedRCNNTransform):
    """Pictures keep their size: they are at the detector's scale already."""

    def resize(
        self, image: Tensor, target: dict[str, Tensor] | None = None
    ) -> tuple[Tensor, dict[str, Tensor] | None]:
        return image, target


def mostly_inside(boxes: Tensor, regions: Tensor) -> Tensor:
    """(N,) True where one region covers most of the box; both as corners (., 4)."""
    if not len(regions):
        return torch.zeros(len(boxes), dtype=torch.bool)
    low = torch.maximum(boxes[:, None, :2], regions[None, :, :2])
    high = torch.minimum(boxes[:, None, 2:], regions[None, :, 2:])
    shared = (high - low).clamp(min=0).prod(dim=2)
    own = (boxes[:, 2:] - boxes[:, :2]).prod(dim=1).clamp(min=1e-6)
    return (shared > MOSTLY_IGNORED * own[:, None]).any(dim=1)


def build_detector(backbone: str = "mobilenet_v2") -> FasterRCNN:
    """The network, random weights. Images come normalised, of any size, and stay so.

    Raises UnknownBackbone.
    """
    anchors = AnchorGenerator(ANCHORS, ((1.0,),) * len(ANCHORS))
    heads = RPNHead(WIDTH, len(ANCHORS[0]), conv_depth=1)
    pool = MultiScaleRoIAlign(
        list(LEVELS),
        output_size=7,
        sampling_ratio=2,
        canonical_scale=CANONICAL_SIDE,
        canonical_level=CANONICAL_LEVEL,
    )
    network = FasterRCNN(
        PyramidBackbone(backbone),
        num_classes=None,
        rpn_anchor_generator=anchors,
        rpn_head=heads,
        box_roi_pool=pool,
        box_head=TwoMLPHead(WIDTH * 49, HIDDEN),
        box_predictor=FastRCNNPredictor(HIDDEN, REST + 1),
    )
    network.transform = AsTheyCome(1, 1, [0.0, 0.0, 0.0], [1.0, 1.0, 1.0])
    network.rpn = _patient_proposals(anchors, heads)
    network.roi_heads = _patient_heads(network.roi_heads)
    return network


def _patient_proposals(
    anchors: AnchorGenerator, heads: nn.Module
) -> RegionProposalNetwork:
    return PatientProposals(
        anchors,
        heads,
        fg_iou_thresh=0.6,
        bg_iou_thresh=0.3,
        batch_size_per_image=256,
        positive_fraction=0.5,
        pre_nms_top_n={"training": 800, "testing": 1000},
        post_nms_top_n={"training": 400, "testing": 500},
        nms_thresh=0.7,
    )


def _patient_heads(plain: RoIHeads) -> RoIHeads:
    return PatientHeads(
        plain.box_roi_pool,
        plain.box_head,
        plain.box_predictor,
        fg_iou_thresh=0.5,
        bg_iou_thresh=0.5,
        batch_size_per_image=128,
        positive_fraction=0.4,
        bbox_reg_weights=None,
        score_thresh=0.02,
        nms_thresh=0.45,
        detections_per_img=400,
    )


def load_start(network: FasterRCNN, path: Path) -> int:
    """Take what fits of a detector's weights, or the trunk of a locator's (U-Net).

    Returns how many tensors fitted.
    """
    stored = load_file(path)
    trunk = {f"backbone.{k}": v for k, v in stored.items() if k.startswith("trunk.")}
    known = fitting(network.state_dict(), stored | trunk)
    network.load_state_dict(known, strict=False)
    if known:
        network.backbone.keep_first_blocks()
    return len(known)
