"""A field under construction: densities over glass, and what has been laid on it."""

from __future__ import annotations

import cv2
import numpy as np

from marrowscope.training.locator.cutouts import CUTOUT_MPP, CutOut
from marrowscope.training.locator.field import FIELD_MPP, Field
from marrowscope.training.locator.stain import from_density


class Canvas:
    """Density (H, W, 3) and labels (H, W) of a field at 0.5 µm per pixel."""

    def __init__(self, size: int) -> None:
        self.density = np.zeros((size, size, 3), np.float32)
        self.cells = np.zeros((size, size), np.int32)
        self.nucleus = np.zeros((size, size), bool)
        self.ignore = np.zeros((size, size), bool)
        self.count = 0

    def lay_cell(self, stamp: Stamp, x: float, y: float, *, crowd: float) -> bool:
        """Lay a nucleated cell with its centre at (x, y); False where it is too full.

        crowd: the largest share of the new cell, or of one below, that may overlap.
        """
        place = stamp.at(x, y, self.cells.shape)
        if place is None:
            return False
        window, density, alpha, nucleus = place
        solid = alpha > 0.5
        below = self.cells[window]
        under = below[solid & (below > 0)]
        if under.size > crowd * max(solid.sum(), 1) or self._buries(under, crowd):
            return False
        self.count += 1
        self._blend(window, density, alpha)
        below[solid] = self.count
        self.nucleus[window][solid] = nucleus[solid] > 0.5
        self.ignore[window][solid] = False
        return True

    def lay_doubtful(self, stamp: Stamp, x: float, y: float) -> None:
        """Lay something nobody could call a cell or not: it becomes ignore."""
        place = stamp.at(x, y, self.cells.shape)
        if place is None:
            return
        window, density, alpha, _ = place
        self._blend(window, density, alpha)
        self.ignore[window] |= cv2.dilate(alpha, np.ones((5, 5))) > 0.2
        self.cells[window][alpha > 0.5] = 0

    def lay_background(self, stamp: Stamp, x: float, y: float) -> None:
        """Lay a red cell or platelet: overlapping ones darken each other."""
        place = stamp.at(x, y, self.cells.shape)
        if place is None:
            return
        window, density, alpha, _ = place
        below = self.density[window]
        new = density * alpha[..., None]
        self.density[window] = np.maximum(below, new) + 0.45 * np.minimum(below, new)

    def picture(self, glass: np.ndarray) -> Field:
        """The field over a glass colour RGB (3,)."""
        image = from_density(self.density, glass.astype(np.float32))
        return Field(image, self.cells, self.nucleus, self.ignore)

    def _blend(
        self, window: tuple[slice, slice], density: np.ndarray, alpha: np.ndarray
    ) -> None:
        weight = alpha[..., None]
        self.density[window] = self.density[window] * (1 - weight) + density * weight

    def _buries(self, under: np.ndarray, crowd: float) -> bool:
        labels, hidden = np.unique(under, return_counts=True)
        return any(
            lost > crowd * (self.cells == label).sum()
            for label, lost in zip(labels, hidden, strict=True)
        )


class Stamp:
    """A cut-out turned, scaled and stained for one place in a field."""

    def __init__(
        self, cut: CutOut, *, scale: float, angle: float, gain: np.ndarray
    ) -> None:
        self.label = cut.label
        height, width = cut.cell.shape
        factor = scale * CUTOUT_MPP / FIELD_MPP
        side = int(np.hypot(height, width) * factor) + 3
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, factor)
        turn[:, 2] += side / 2 - np.array([width / 2, height / 2])
        self.side = side
        soft = cv2.GaussianBlur(
            cut.density.astype(np.float32), (0, 0), 0.7 / factor / 2
        )
        self.density = cv2.warpAffine(soft, turn, (side, side), flags=cv2.INTER_LINEAR)
        self.density *= gain.astype(np.float32)
        edge = cv2.GaussianBlur(cut.cell, (0, 0), 0.9 / factor / 2)
        self.alpha = cv2.warpAffine(edge, turn, (side, side)).astype(np.float32) / 255
        self.nucleus = cv2.warpAffine(cut.nucleus, turn, (side, side)) / np.float32(255)
        self.radius = float(np.sqrt((self.alpha > 0.5).sum() / np.pi))

    def at(
        self, x: float, y: float, shape: tuple[int, ...]
    ) -> tuple[tuple[slice, slice], np.ndarray, np.ndarray, np.ndarray] | None:
        """Window of the field and the planes that fall into it; None when outside."""
        left, top = int(x - self.side / 2), int(y - self.side / 2)
        first_x, first_y = max(left, 0), max(top, 0)
        last_x = min(left + self.side, shape[1])
        last_y = min(top + self.side, shape[0])
        if last_x - first_x < 3 or last_y - first_y < 3:
            return None
        own = np.s_[first_y - top : last_y - top, first_x - left : last_x - left]
        window = np.s_[first_y:last_y, first_x:last_x]
        return window, self.density[own], self.alpha[own], self.nucleus[own]
