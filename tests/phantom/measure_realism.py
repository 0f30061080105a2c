"""How real the phantom looks to a network; not a test, run by hand (about 15 minutes).

    .venv-training/bin/python -m tests.phantom.measure_realism ../shared

Prints two figures, macro-F1 over EN, GN, blast and other: a network trained on real
crops alone, on drawn cells; and one trained on drawn cells alone, on the real ``val``
split. Real pictures are brought to 0.2 microns per pixel by their red cells.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np
import torch
from sklearn.metrics import confusion_matrix, f1_score
from torch import nn

from marrowscope.phantom.smear import draw_cell
from marrowscope.training.networks.crop_classifier import CropClassifier

CLASSES = ("EN", "GN", "blast", "other")
MPP = {"mll_marrow": 0.09, "acevedo_blood": 0.144}
SIDE, SCALE = 128, 0.2
Cells = tuple[np.ndarray, np.ndarray]  # (N, 128, 128, 3) uint8, (N,) class numbers


def real_crop(path: Path, mpp: float) -> np.ndarray:
    """Return (128, 128, 3) RGB at 0.2 microns per pixel, mirrored beyond the edge."""
    pixels = np.asarray(cv2.imread(str(path)))[..., ::-1]
    size = tuple(max(round(n * mpp / SCALE), 8) for n in pixels.shape[1::-1])
    pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    rows, columns = (max(SIDE - n, 0) for n in pixels.shape[:2])
    edges = (rows // 2, rows - rows // 2, columns // 2, columns - columns // 2)
    pixels = cv2.copyMakeBorder(pixels, *edges, cv2.BORDER_REFLECT_101)
    top, left = (pixels.shape[0] - SIDE) // 2, (pixels.shape[1] - SIDE) // 2
    return pixels[top : top + SIDE, left : left + SIDE]


def real_cells(shared: Path, split: str, most: int) -> Cells:
    """Return at most ``most`` real crops of each source and class."""
    folder = shared / "data" / "cells"
    with (folder / "manifest.csv").open(newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["split"] == split]
    np.random.default_rng(1).shuffle(rows)
    crops, labels, taken = [], [], {}
    for row in rows:
        key = (row["dataset"], row["source_label"])
        taken[key] = taken.get(key, 0) + 1
        if taken[key] <= most and row["mds8_class"] in CLASSES:
            crops.append(real_crop(folder / row["path"], MPP[row["dataset"]]))
            labels.append(CLASSES.index(row["mds8_class"]))
    return np.stack(crops), np.array(labels)


def drawn_cells(each: int, seed: int) -> Cells:
    """Return ``each`` drawn crops of every class."""
    crops, labels = [], []
    for label, kind in enumerate(CLASSES):
        for number in range(each):
            crops.append(draw_cell(kind, seed=seed + number).pixels)
            labels.append(label)
    return np.stack(crops), np.array(labels)


def to_tensor(crops: np.ndarray) -> torch.Tensor:
    scaled = crops.astype(np.float32) / 127.5 - 1.0
    return torch.from_numpy(scaled).permute(0, 3, 1, 2).contiguous()


def batch(cells: Cells, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Return 24 crops, classes equally often, flipped and turned, colours shifted."""
    crops, labels = cells
    wanted = rng.integers(len(CLASSES), size=24)
    rows = [rng.choice(np.flatnonzero(labels == label)) for label in wanted]
    x = to_tensor(np.stack([np.rot90(crops[r], int(rng.integers(4))) for r in rows]))
    gain = torch.from_numpy(rng.normal(1.0, 0.12, (24, 3, 1, 1)).astype(np.float32))
    shift = torch.from_numpy(rng.normal(0.0, 0.12, (24, 3, 1, 1)).astype(np.float32))
    x = x * gain + shift
    return (x.flip(3) if rng.random() < 0.5 else x), torch.from_numpy(wanted)


def train(cells: Cells, weights: Path, steps: int) -> nn.Module:
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    model = CropClassifier(weights=weights).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=4e-4, weight_decay=0.02)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, 6e-4, total_steps=steps)
    for _ in range(steps):
        x, y = batch(cells, rng)
        logits = model(x).logits[:, [0, 1, 6, 7]]
        loss = nn.functional.cross_entropy(logits, y, label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        plan.step()
    return model.eval()


@torch.no_grad()
def report(title: str, model: nn.Module, cells: Cells) -> None:
    crops, labels = cells
    parts = [to_tensor(crops[i : i + 64]) for i in range(0, len(crops), 64)]
    logits = torch.cat([model(part).logits[:, [0, 1, 6, 7]] for part in parts])
    called = logits.argmax(1).numpy()
    print(f"{title}: macro-F1 {f1_score(labels, called, average='macro'):.3f}")
    print(confusion_matrix(labels, called), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--most", type=int, default=10_000, help="real cells a label")
    given = parser.parse_args()
    torch.set_num_threads(1)
    weights = given.shared / "weights"
    model = train(
        real_cells(given.shared, "train", min(given.most, 300)), weights, given.steps
    )
    validation = real_cells(given.shared, "val", given.most)
    report("trained on real, read on real val", model, validation)
    report("trained on real, read on drawn", model, drawn_cells(100, 500_000))
    model = train(drawn_cells(600, 0), weights, given.steps)
    report("trained on drawn, read on real val", model, validation)


if __name__ == "__main__":
    main()
