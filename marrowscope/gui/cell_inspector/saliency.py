"""A class activation map as a see-through warm layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COLD, WARM = (255, 120, 0), (255, 240, 70)  # orange to yellow: no stain has it


def saliency_layer(saliency: NDArray[np.uint8], opacity: float) -> NDArray[np.uint8]:
    """(h, w) 0 to 255 as RGBA (h, w, 4), premultiplied by nothing.

    Where the model looked most the layer is densest, at most `opacity` (0 to 1). A map
    without any contrast gives a layer nobody sees.
    """
    values = saliency.astype(np.float32)
    low, high = float(values.min()), float(values.max())
    share = (values - low) / (high - low) if high > low else np.zeros_like(values)
    cold, warm = np.asarray(COLD, np.float32), np.asarray(WARM, np.float32)
    layer = np.empty((*share.shape, 4), np.float32)
    layer[..., :3] = cold + share[..., None] * (warm - cold)
    layer[..., 3] = 255 * np.clip(opacity, 0, 1) * share
    return np.rint(layer).astype(np.uint8)
