"""One network out of several that were trained from the same start.

Their weights are averaged ("model soup", Wortsman et al., ICML 2022): it costs nothing
when reading, and forgives what a single course learned of its laboratories by heart.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from marrowscope.training.networks.crop_classifier import CropClassifier


def averaged(networks: Sequence[CropClassifier]) -> CropClassifier:
    """The mean of the weights of networks of one shape; whole numbers are the first's.

    Raises ValueError without any network.
    """
    if not networks:
        raise ValueError("a soup needs at least one network")
    states = [network.state_dict() for network in networks]
    mixed = {name: _mean([s[name] for s in states]) for name in states[0]}
    soup = copy.deepcopy(networks[0])
    soup.load_state_dict(mixed)
    return soup.eval()


def _mean(values: Sequence[Tensor]) -> Tensor:
    if not values[0].is_floating_point():
        return values[0]
    return torch.stack(list(values)).mean(dim=0)


@torch.no_grad()
def settle(network: CropClassifier, batches: Iterable[Tensor]) -> None:
    """Measure the batch statistics anew, as averaged weights have none of their own.

    `batches`: normalised crops (N, 3, 128, 128) as the network will see them.
    """
    layers = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # a plain mean over all batches
        layer.train()
    for crops in batches:
        network.trunk(crops)
    network.eval()
