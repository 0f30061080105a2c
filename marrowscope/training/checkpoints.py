"""State of a run on disk, written so that a kill at any moment leaves a whole file."""

from __future__ import annotations

import logging
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from marrowscope.training.loop import Training
from marrowscope.training.networks.crop_classifier import CropClassifier

log = logging.getLogger(__name__)


def save(run: Training, path: Path) -> None:
    """Write weights, averaged weights, optimiser and step to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    torch.save(
        {
            "model": run.model.state_dict(),
            "averaged": run.averaged.state_dict(),
            "optimiser": run.optimiser.state_dict(),
            "step": run.step,
        },
        unfinished,
    )
    unfinished.replace(path)


def resume(run: Training, path: Path) -> bool:
    """Bring `run` to the state in `path`; False when there is none."""
    if not path.is_file():
        return False
    state = torch.load(path, weights_only=True)
    run.model.load_state_dict(state["model"])
    run.averaged.load_state_dict(state["averaged"])
    run.optimiser.load_state_dict(state["optimiser"])
    run.step = state["step"]
    log.info("resumed %s at step %d", path, run.step)
    return True


def save_half(model: CropClassifier, path: Path) -> None:
    """The weights as fp16 safetensors: what a bundle keeps for further training."""
    half = {
        name: value.detach().half().contiguous()
        if value.is_floating_point()
        else value.detach().contiguous()
        for name, value in model.state_dict().items()
    }
    save_file(half, path, metadata={"trunk": model.trunk_name})


def load_half(model: CropClassifier, path: Path) -> None:
    """Weights written by `save_half`, back in fp32."""
    stored = load_file(path)
    model.load_state_dict(
        {k: v.float() if v.is_floating_point() else v for k, v in stored.items()}
    )
