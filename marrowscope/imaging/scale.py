"""Microns per pixel: what a file says, and what camera and objective give."""

from __future__ import annotations

import math

FINEST_MPP = 0.05
COARSEST_MPP = 5.0


def trusted_mpp(value: float | None) -> float | None:
    """The value when a light microscope could have made it, else None.

    Files written without a scale claim 72 or 300 dots per inch, which is 353 or 85
    microns per pixel; a smear is between 0.05 and 5.
    """
    if value is None or not math.isfinite(value):
        return None
    return float(value) if FINEST_MPP <= value <= COARSEST_MPP else None


def square_mpp(across: float | None, down: float | None) -> float | None:
    """One trusted scale for both directions, or None when they differ by over 5 %."""
    x, y = trusted_mpp(across), trusted_mpp(down)
    if x is None or y is None:
        return x or y if across is None or down is None else None
    return math.sqrt(x * y) if abs(x - y) <= 0.05 * max(x, y) else None


def mpp_from_optics(
    camera_pixel_um: float, objective: float, adapter: float = 1.0
) -> float:
    """Microns per pixel of a photo, from the camera's pixel pitch and the optics.

    `objective` and `adapter` (the C-mount lens) are magnifications. Raises ValueError
    for anything not above zero.
    """
    if min(camera_pixel_um, objective, adapter) <= 0:
        raise ValueError("pixel pitch and magnifications must be above zero")
    return camera_pixel_um / (objective * adapter)
