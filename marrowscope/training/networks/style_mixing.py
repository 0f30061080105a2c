"""MixStyle: features of one picture in the style of another (Zhou et al., ICLR 2021).

Mean and spread of the early feature maps carry stain, light and camera. Mixing them
between the cells of a batch shows the network laboratories that do not exist.
"""

from __future__ import annotations

import torch
from torch import Tensor

CHANCE = 0.5  # of a batch to be mixed
ALPHA = 0.3  # of the Beta distribution of shares: small means mostly one's own style


def mix_styles(features: Tensor) -> Tensor:
    """Maps (N, C, H, W) with statistics mixed between random pairs of the batch."""
    if torch.rand(()) > CHANCE or len(features) < 2:
        return features
    plain = features.float()
    mean = plain.mean(dim=(2, 3), keepdim=True).detach()
    spread = (plain.var(dim=(2, 3), keepdim=True) + 1e-6).sqrt().detach()
    other = torch.randperm(len(features))
    share = torch.distributions.Beta(ALPHA, ALPHA).sample((len(features), 1, 1, 1))
    share = torch.maximum(share, 1 - share)  # more one's own than another's
    new_mean = share * mean + (1 - share) * mean[other]
    new_spread = share * spread + (1 - share) * spread[other]
    mixed = (plain - mean) / spread * new_spread + new_mean
    return mixed.to(features.dtype)
