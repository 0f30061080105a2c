"""Fields drawn at random, as a reader photographs some of a smear's.

Wu et al. 2020 name a smear from 20 photos taken at random.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.imaging.tiles import FieldPlace
from marrowscope.imaging.tissue import empty_field

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sample:
    """How many fields of a slide to read, and the seed that draws them."""

    fields: int
    seed: int


def drawn_places(
    places: Sequence[FieldPlace],
    sample: Sample,
    *,
    stained: Sequence[Box],
    read: Callable[[FieldPlace], Pixels],
) -> tuple[FieldPlace, ...]:
    """At most `sample.fields` of the places, numbered anew, in the slide's order.

    A place is drawn only where something stained lies: its core must touch one of
    `stained` (level-0 rectangles of an overview; none given: all may be drawn) and its
    pixels, from `read`, must not be blank glass. What cannot be read is not drawn.
    The same places and seed give the same fields, on every machine.
    """
    likely = [p for p in places if _touches(p.core, stained)] if stained else places
    order = np.random.default_rng(sample.seed).permutation(len(likely))
    shown = (likely[i] for i in order if _shows_cells(likely[i], read))
    drawn = sorted(islice(shown, sample.fields), key=lambda place: place.number)
    return tuple(replace(place, number=i) for i, place in enumerate(drawn))


def _touches(core: Box, stained: Sequence[Box]) -> bool:
    return any(core.intersection(box) is not None for box in stained)


def _shows_cells(place: FieldPlace, read: Callable[[FieldPlace], Pixels]) -> bool:
    try:
        return not empty_field(read(place)[::2, ::2])
    except MarrowScopeError as error:
        log.warning("field %d was not drawn: %s", place.number, error)
        return False
