"""Objectives and microns: how large a smear is shown, in a microscopist's words."""

from __future__ import annotations

# By convention 40x is 0.25 µm on a screen pixel.
MICRONS_AT_1X = 10.0
OBJECTIVES = (4, 10, 20, 40, 63, 100)
FACTORS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
_NICE = (1, 2, 5)


def scale_of(objective: float, mpp: float) -> float:
    """Screen pixels per level-0 pixel that show a slide of `mpp` as by an objective."""
    return objective * mpp / MICRONS_AT_1X


def objective_of(scale: float, mpp: float) -> float:
    """The objective a scale corresponds to."""
    return scale * MICRONS_AT_1X / mpp


def magnification_text(scale: float, mpp: float | None) -> str:
    """ "40x · 0.25 µm/px", or the zoom factor alone when uncalibrated."""
    if mpp is None:
        return zoom_text(scale)
    objective = objective_of(scale, mpp)
    digits = 0 if objective >= 9.95 else 1
    return f"{objective:.{digits}f}x · {mpp / scale:.2f} µm/px"


def zoom_text(scale: float) -> str:
    """A zoom factor in percent."""
    return f"{100 * scale:.0f} %" if scale >= 0.095 else f"{100 * scale:.1f} %"


def bar_length(mpp_on_screen: float, *, longest: float) -> float:
    """The longest 1, 2 or 5 times a power of ten (µm) that fits `longest` pixels."""
    limit = longest * mpp_on_screen
    decade = 10.0**-6
    best = decade
    while decade <= limit:
        best = max(best, *(n * decade for n in _NICE if n * decade <= limit))
        decade *= 10
    return best


def length_text(microns: float) -> str:
    """ "20 µm", "1 mm"; fractions only below one micron."""
    if microns >= 1000:
        return f"{microns / 1000:g} mm"
    return f"{microns:g} µm"
