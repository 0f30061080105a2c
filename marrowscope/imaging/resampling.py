"""Pixels of one size from pixels of another: exact area averages, any offset."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from marrowscope.domain.geometry import Pixels


def weights(count: int, *, start: float, step: float, available: int) -> csr_array:
    """(count, available) shares of source samples in each output sample.

    Output sample i covers source positions `start + i * step` to `+ step`. With a step
    of 1 or more it is the exact average of what it covers; below, neighbours are
    interpolated linearly. Source samples beyond the ends are the end samples.
    """
    width = max(step, 1.0)  # narrower than a source pixel: a tent of one pixel
    centre = start + (np.arange(count) + 0.5) * step
    reach = int(np.ceil(width)) + 1
    first = np.floor(centre - width / 2).astype(np.int64)
    source = first[:, None] + np.arange(reach)[None, :]  # (count, reach)
    low = np.maximum(source, (centre - width / 2)[:, None])
    high = np.minimum(source + 1, (centre + width / 2)[:, None])
    share = np.clip(high - low, 0, None)
    share /= share.sum(axis=1, keepdims=True)
    rows = np.repeat(np.arange(count), reach)
    columns = np.clip(source, 0, available - 1).ravel()
    table = csr_array(
        (share.ravel().astype(np.float32), (rows, columns)), shape=(count, available)
    )
    table.sum_duplicates()
    return table


def resampled(pixels: Pixels, down: csr_array, across: csr_array) -> Pixels:
    """(H, W, 3) -> (rows of `down`, rows of `across`, 3)."""
    height, width = pixels.shape[:2]
    flat = pixels.reshape(height, width * 3).astype(np.float32)
    rows: NDArray[np.float32] = (down @ flat).reshape(-1, width, 3)
    # OpenCV transposes three channels at once, several times faster than numpy.
    upright = cv2.transpose(rows).reshape(width, -1)  # (W, out_h * 3)
    columns = (across @ upright).reshape(-1, rows.shape[0], 3)  # (out_w, out_h, 3)
    out = cv2.convertScaleAbs(cv2.transpose(columns))
    return out.astype(np.uint8, copy=False)
