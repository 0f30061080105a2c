"""Where the slides of a case can be read: their zone maps, kept in the case."""

from __future__ import annotations

import logging

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.imaging.counting_zone.finding import (
    PATCH_UM,
    has_zones,
    measured_bands,
    zones_measured,
)
from marrowscope.imaging.counting_zone.zone_map import GLASS, PEN, ZoneMap
from marrowscope.imaging.slide import Slide
from marrowscope.imaging.small_network import SmallNetwork
from marrowscope.store.case_file import CaseFile
from marrowscope.workflow import places
from marrowscope.workflow.opening import OpenedSlide

log = logging.getLogger(__name__)
_SAME_SCALE = 0.01  # relative difference


def load_zone_model() -> SmallNetwork:
    """The network that names zones, as shipped."""
    return SmallNetwork.load(places.resources() / "counting_zone" / "zones.npz")


def zones_of(
    file: CaseFile, opened: OpenedSlide, mpp: float, token: CancellationToken
) -> ZoneMap | None:
    """The zone map of a slide believed to be of `mpp` µm per level-0 pixel.

    Found once and stored; found anew when the scale has changed. None for a field
    photo, for a slide whose low levels cannot be read, and when cancelled.
    """
    if not has_zones(opened.slide, mpp):
        return None
    known = file.zone_map(opened.number)
    patch = PATCH_UM / mpp
    if known is not None and abs(known.patch - patch) < _SAME_SCALE * patch:
        return known
    try:
        found = _found(opened.slide, mpp, token)
    except MarrowScopeError as error:
        log.warning("no zones of slide %d: %s", opened.number, error)
        return None
    if found is not None and not file.read_only:
        file.set_zone_map(opened.number, found)
    return found


def _found(slide: Slide, mpp: float, token: CancellationToken) -> ZoneMap | None:
    bands = []
    for band in measured_bands(slide, mpp=mpp):
        if token.cancelled:
            return None
        bands.append(band)
    return zones_measured(bands, mpp=mpp, model=load_zone_model())


def zone_shares(file: CaseFile, slide: int) -> dict[str, float]:
    """Percent of the smear by zone, glass and pen apart; empty where none is known."""
    zones = file.zone_map(slide)
    if zones is None:
        return {}
    shares = {name: round(100 * zones.share(name), 1) for name in zones.names}
    return {name: share for name, share in shares.items() if name not in (GLASS, PEN)}
