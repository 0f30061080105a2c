"""Writes a bundle's classifier: ONNX, fp16 weights, parity file and hashes."""

from __future__ import annotations

import hashlib
import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.training.checkpoints import save_half
from marrowscope.training.datasets.cells import CellArrays
from marrowscope.training.labels import CLASSES
from marrowscope.training.measuring import plain_crop
from marrowscope.training.networks.crop_classifier import (
    Answer,
    CropClassifier,
    ExportedClassifier,
)

log = logging.getLogger(__name__)

OUTPUTS = Answer._fields
OPSET = 17


def write_onnx(exported: ExportedClassifier, path: Path) -> None:
    """The graph with input `image` (N, 3, 128, 128) and the `OUTPUTS`."""
    exported.eval()
    example = torch.zeros(2, 3, 128, 128)
    axes = {name: {0: "cells"} for name in ("image", *OUTPUTS)}
    with warnings.catch_warnings():
        # The scripted exporter is announced as old; the new one needs onnxscript.
        warnings.simplefilter("ignore", DeprecationWarning)
        # Its padding is written as a reversed list that it cannot fold; it runs.
        warnings.filterwarnings("ignore", "Constant folding", UserWarning)
        torch.onnx.export(
            exported,
            (example,),
            str(path),
            input_names=["image"],
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )


@torch.no_grad()
def write_parity(exported: ExportedClassifier, drawn: CellArrays, path: Path) -> None:
    """Drawn crops (uint8), two of each class, and torch's answers to them."""
    exported.eval()
    rows = [
        np.flatnonzero(drawn.label == label)[:2] for label in np.unique(drawn.label)
    ]
    crops = np.stack([plain_crop(drawn.canvas[i]) for i in np.concatenate(rows)])
    images = torch.from_numpy(normalise(crops, Normalisation()))
    answers = zip(OUTPUTS, exported(images), strict=True)
    np.savez_compressed(path, crops=crops, **{k: v.numpy() for k, v in answers})


def write_classifier(
    model: CropClassifier,
    temperature: float,
    folder: Path,
    *,
    shift: Sequence[float] = (0.0,) * len(CLASSES),
) -> ExportedClassifier:
    """`classifier.onnx` and `classifier.safetensors` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = CropClassifier(model.trunk_name)
    plain.load_state_dict(model.state_dict())
    plain = plain.float().to(memory_format=torch.contiguous_format)
    exported = ExportedClassifier(plain, temperature, shift).eval()
    write_onnx(exported, folder / "classifier.onnx")
    save_half(plain, folder / "classifier.safetensors")
    return exported


def sha256(path: Path) -> str:
    """Hex digest of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
