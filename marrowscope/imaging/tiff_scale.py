"""Microns per pixel as a TIFF states it, in whichever of three dialects."""

from __future__ import annotations

import re

from tifffile import RESUNIT, TiffFile, TiffPage

from marrowscope.imaging.scale import square_mpp

_UM = {"µm": 1.0, "um": 1.0, "micron": 1.0, "microns": 1.0, "nm": 1e-3, "mm": 1e3}
_TAG_UM: dict[int, float] = {RESUNIT.INCH: 25_400.0, RESUNIT.CENTIMETER: 10_000.0}


def tiff_mpp(file: TiffFile) -> float | None:
    """The trusted scale of the first page: OME-XML, ImageJ, then resolution tags."""
    page = file.pages.first
    if not isinstance(page, TiffPage):
        return None
    if file.is_ome and file.ome_metadata:
        return square_mpp(*(_ome_um(file.ome_metadata, axis) for axis in "XY"))
    unit = _TAG_UM.get(page.resolutionunit)
    if file.is_imagej and file.imagej_metadata:
        text = str(file.imagej_metadata.get("unit", ""))
        unit = _UM.get(text.replace("\\u00B5", "µ").strip(), unit)
    if unit is None:
        return None
    per_unit = page.resolution
    across, down = (unit / value if value > 0 else None for value in per_unit)
    return square_mpp(across, down)


def _ome_um(xml: str, axis: str) -> float | None:
    size = re.search(rf'PhysicalSize{axis}="([0-9.eE+-]+)"', xml)
    unit = re.search(rf'PhysicalSize{axis}Unit="([^"]+)"', xml)
    scale = _UM.get(unit.group(1) if unit else "µm")
    return float(size.group(1)) * scale if size and scale else None
