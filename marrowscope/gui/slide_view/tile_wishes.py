"""Which tiles to have: what is seen, and what will be seen if the reader goes on so."""

from __future__ import annotations

from dataclasses import dataclass, replace

from marrowscope.gui.slide_view.tile_places import (
    TilePlace,
    coarsest,
    tiles_in,
    zoom_for,
    zoom_in_motion,
)
from marrowscope.gui.slide_view.viewport import Viewport

FURTHER = 0.6  # of the view, looked at beyond its edge in the direction of travel
MOST_AHEAD = 24  # tiles
ZOOMED = 1.02  # a smaller change of scale is no zooming


@dataclass(frozen=True, slots=True)
class Wishes:
    """Tiles, most wanted first: `seen` are needed now, `ahead` may be soon."""

    seen: tuple[TilePlace, ...] = ()
    ahead: tuple[TilePlace, ...] = ()


def wished(
    view: Viewport,
    before: Viewport | None,
    slide: tuple[int, int],
    device_ratio: float,
) -> Wishes:
    """The tiles to have for a view that was `before` a moment ago.

    Of a view that moves, those that are painted while it zooms come before the next.
    """
    if before is not None and _size(before) != _size(view):
        before = None  # the window was changed, which is no travel
    seen = wanted_tiles(view, slide, device_ratio)
    known = set(seen)
    ahead: list[TilePlace] = []
    if before is not None and view != before:
        zoom = zoom_in_motion(view.scale * device_ratio, slide)
        ahead += tiles_in(view.region, zoom, slide)
    for next_view in [] if before is None else _next_views(view, before):
        zoom = zoom_for(next_view.scale * device_ratio, slide)
        ahead += tiles_in(next_view.region, zoom, slide)
    further = [place for place in dict.fromkeys(ahead) if place not in known]
    return Wishes(tuple(seen), tuple(further[:MOST_AHEAD]))


def wanted_tiles(
    view: Viewport, slide: tuple[int, int], device_ratio: float
) -> list[TilePlace]:
    """The tiles to have: the whole slide's first, then what is seen, from its middle.

    The coarsest tile stands in for every other one until that is there. Where all of
    the slide is seen it comes last: it may have to be made of all the others.
    """
    zoom = zoom_for(view.scale * device_ratio, slide)
    top = coarsest(slide)
    seen = tiles_in(view.region, zoom, slide)
    beneath = tiles_in(view.region, min(zoom + 2, top), slide)
    whole = TilePlace(top, 0, 0)
    everything = len(seen) == len(tiles_in(whole.region(slide), zoom, slide))
    order = [*seen, *beneath, whole] if everything else [whole, *beneath, *seen]
    return list(dict.fromkeys(order))


def _size(view: Viewport) -> tuple[float, float]:
    return view.width, view.height


def _zooms(view: Viewport, before: Viewport) -> bool:
    zoomed = view.scale / before.scale
    return max(zoomed, 1 / zoomed) > ZOOMED


def _next_views(view: Viewport, before: Viewport) -> list[Viewport]:
    """Where the view will be if it goes on as from `before`; the likeliest first."""
    if _zooms(view, before):
        factor = 2.0 if view.scale > before.scale else 0.5
        # Zoom keeps what lies under the cursor, which is not known here: the middle.
        return [replace(view, scale=view.scale * factor)]
    dx, dy = view.x - before.x, view.y - before.y
    longer = max(abs(dx), abs(dy))
    if longer == 0:
        return []
    step = FURTHER * max(view.region.width, view.region.height) / longer
    return [
        view.centred(view.x + dx * part * step, view.y + dy * part * step)
        for part in (0.5, 1.0)
    ]
