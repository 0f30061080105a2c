"""Where the count was made, in words."""

from __future__ import annotations

from marrowscope.domain.counted import Extent


def area_text(area: float) -> str:
    """Square millimetres with three digits or so: 3.1, 0.42, 0.0012."""
    if area >= 10:
        return f"{area:,.0f}"
    return f"{area:.1f}" if area >= 1 else f"{area:.2g}"


def extent_words(extent: Extent) -> str:
    """Such as "Counted in 2 regions, 3.1 mm²."; empty where all is counted."""
    included, excluded = len(extent.included), len(extent.excluded)
    if not included:
        return f"Counted without {_regions(excluded)} left out." if excluded else ""
    said = [f"Counted in {_regions(included)}"]
    if extent.area_mm2 is not None:
        said.append(f"{area_text(extent.area_mm2)} mm²")
    if excluded:
        said.append(f"without {excluded} left out")
    if extent.whole:
        others = "1 other slide" if extent.whole == 1 else f"{extent.whole} others"
        said.append(f"and all of {others}")
    return ", ".join(said) + "."


def _regions(count: int) -> str:
    return "1 region" if count == 1 else f"{count} regions"
