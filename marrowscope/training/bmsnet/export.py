"""The trained network as a bundle's files: ONNX, fp16 weights, parity."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.training.bmsnet.network import STRIDES, BMSNet, decoded
from marrowscope.training.locator.export import OPSET
from marrowscope.training.locator.phantom_fields import phantom_field

OUTPUTS = ("boxes", "object", "classes", "evidence")
PARITY_SEEDS = (31, 32)  # far below the seeds of training
PARITY_SIDE = 256


class ExportedBMSNet(nn.Module):
    """What the ONNX holds: decoded boxes, chances, and where each class was seen."""

    def __init__(self, network: BMSNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Boxes (N, M, 4), object (N, M), classes (N, M, 8), evidence (N, 8, h, w)."""
        parts, evidence = [], []
        for level, maps in enumerate(self.network(image)):
            said = decoded(maps, level)
            chance = torch.sigmoid(said[..., 4:5])
            classes = F.softmax(said[..., 5:], dim=-1)
            parts.append(torch.cat([said[..., :4], chance, classes], -1).flatten(1, 2))
            seen = (chance * classes).permute(0, 3, 1, 2)
            scale = float(STRIDES[level] // STRIDES[0])
            evidence.append(F.interpolate(seen, scale_factor=scale, mode="nearest"))
        answer = torch.cat(parts, dim=1)
        seen = torch.stack(evidence).amax(dim=0)
        return answer[..., :4], answer[..., 4], answer[..., 5:], seen


def write_onnx(exported: ExportedBMSNet, path: Path) -> None:
    """The graph with input `image` (N, 3, H, W), sides multiples of 128."""
    axes = {0: "fields", 2: "height", 3: "width"}
    kinds = {
        "image": axes,
        "boxes": {0: "fields", 1: "places"},
        "object": {0: "fields", 1: "places"},
        "classes": {0: "fields", 1: "places"},
        "evidence": axes,
    }
    with warnings.catch_warnings():
        # The scripted exporter is announced as old; the new one needs onnxscript.
        warnings.simplefilter("ignore", DeprecationWarning)
        # Its padding is written as a reversed list that it cannot fold; it runs.
        warnings.filterwarnings("ignore", "Constant folding", UserWarning)
        torch.onnx.export(
            exported.eval(),
            (torch.zeros(1, 3, 256, 384),),
            str(path),
            input_names=["image"],
            output_names=list(OUTPUTS),
            dynamic_axes=kinds,
            opset_version=OPSET,
            dynamo=False,
        )


@torch.no_grad()
def write_parity(exported: ExportedBMSNet, path: Path) -> None:
    """Drawn fields (uint8) and torch's answers to them."""
    fields = [phantom_field(seed, size=PARITY_SIDE).image for seed in PARITY_SEEDS]
    images = torch.from_numpy(normalise(fields, Normalisation()))
    answers = zip(OUTPUTS, exported.eval()(images), strict=True)
    stored = {name: value.numpy() for name, value in answers}
    np.savez_compressed(path, fields=np.stack(fields), **stored)


def save_weights(network: BMSNet, path: Path) -> None:
    """fp16 weights, with the backbone's name, from which training can go on."""
    half = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items()
    }
    save_file(half, path, metadata={"backbone": network.backbone})


def load_weights(network: BMSNet, path: Path) -> None:
    """Weights written by `save_weights`, back in fp32."""
    stored = load_file(path)
    network.load_state_dict(
        {k: v.float() if v.is_floating_point() else v for k, v in stored.items()}
    )


def write_bundle_files(network: BMSNet, folder: Path) -> None:
    """Everything of a bundle that training makes, but for its words."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = BMSNet(network.backbone)
    plain.load_state_dict(network.state_dict())
    plain = plain.float().to(memory_format=torch.contiguous_format).eval()
    exported = ExportedBMSNet(plain)
    write_onnx(exported, folder / "network.onnx")
    save_weights(plain, folder / "weights.safetensors")
    write_parity(exported, folder / "parity.npz")
