"""The fields that regions ask for."""

from __future__ import annotations

from dataclasses import replace

from marrowscope.domain.regions import Area, around, touches
from marrowscope.imaging.tiles import FieldPlace, plan_fields


def fields_in(
    wanted: Area,
    width: int,
    height: int,
    *,
    spec_size: int,
    spec_mpp: float,
    margin_um: float,
    slide_mpp: float,
) -> tuple[FieldPlace, ...]:
    """Fields (see `plan_fields`) whose core touches `wanted`, numbered anew.

    All fields of the slide where nothing is wanted in particular. Raises
    UnreadableRegion when what is wanted lies beside the slide.
    """
    places = plan_fields(
        width,
        height,
        spec_size=spec_size,
        spec_mpp=spec_mpp,
        margin_um=margin_um,
        slide_mpp=slide_mpp,
        region=None if wanted.is_empty else around(wanted),
    )
    if wanted.is_empty:
        return places
    touched = [place for place in places if touches(wanted, place.core)]
    return tuple(replace(place, number=i) for i, place in enumerate(touched))
