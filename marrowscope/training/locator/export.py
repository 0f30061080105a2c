"""The trained network as ONNX and as fp16 weights."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.training.locator.network import CellUNet, ExportedUNet

TOLERANCE = 1e-4
OPSET = 17


def export_onnx(network: CellUNet, path: Path) -> float:
    """Write `path` and return the largest difference between ONNX and torch.

    Input `image` float32 (N, 3, H, W) RGB in -1..1, sides multiples of 32; output
    `maps` float32 (N, 3, H, W) in 0..1. Raises ValueError over `TOLERANCE`.
    """
    exported = ExportedUNet(network).eval()
    axes = {0: "n", 2: "height", 3: "width"}
    with warnings.catch_warnings():
        # torch prefers its newer exporter, which needs onnxscript.
        warnings.simplefilter("ignore", DeprecationWarning)
        # Its padding is written as a reversed list that it cannot fold; it runs.
        warnings.filterwarnings("ignore", "Constant folding", UserWarning)
        torch.onnx.export(
            exported,
            (torch.zeros(1, 3, 128, 160),),
            str(path),
            input_names=["image"],
            output_names=["maps"],
            dynamic_axes={"image": axes, "maps": axes},
            opset_version=OPSET,
            dynamo=False,
        )
    worst = largest_difference(exported, path)
    if worst > TOLERANCE:
        raise ValueError(f"{path.name} differs from torch by {worst:.2e}")
    return worst


def largest_difference(exported: ExportedUNet, path: Path) -> float:
    """Largest difference of the maps over a random batch of another size."""
    image = np.random.default_rng(0).uniform(-1, 1, (2, 3, 96, 64)).astype(np.float32)
    shapes = {"maps": (3, None, None)}
    model = OnnxModel(path, shapes=shapes, probe=(3, 64, 64), device="cpu", threads=1)
    answer = model.run(image)["maps"]
    with torch.no_grad():
        expected = exported(torch.from_numpy(image)).numpy()
    return float(np.abs(answer - expected).max())


def save_weights(network: CellUNet, path: Path) -> None:
    """fp16 weights, with the backbone's name, from which training can go on."""
    half = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items()
    }
    save_file(half, path, metadata={"backbone": network.backbone})


def load_weights(network: CellUNet, path: Path) -> None:
    """Weights written by `save_weights`, back in fp32."""
    stored = load_file(path)
    network.load_state_dict(
        {k: v.float() if v.is_floating_point() else v for k, v in stored.items()}
    )
