"""Weights as a bundle keeps them for further training: fp16 safetensors."""

from __future__ import annotations

import logging
from pathlib import Path

from safetensors.torch import load_file, save_file

from marrowscope.training.networks.crop_classifier import CropClassifier
from marrowscope.training.networks.trunks import fitting

log = logging.getLogger(__name__)


def save_half(model: CropClassifier, path: Path) -> None:
    """Write all weights in half precision, the trunk's name with them."""
    half = {
        name: value.detach().half().contiguous()
        if value.is_floating_point()
        else value.detach().contiguous()
        for name, value in model.state_dict().items()
    }
    save_file(half, path, metadata={"trunk": model.trunk_name})


def load_half(model: CropClassifier, path: Path) -> None:
    """Weights written by `save_half`, back in fp32; what does not fit starts afresh.

    So a trunk goes on learning under heads of other classes.
    """
    wanted = model.state_dict()
    known = fitting(wanted, load_file(path))
    model.load_state_dict(known, strict=False)
    missing = sorted(set(wanted) - set(known))
    if missing:
        log.info("not in %s, begun afresh: %s", path.name, ", ".join(missing))
