"""What the window asks a worker about key maps: all of them, one kept, one printed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.domain.key_map import KeyMap
from marrowscope.gui.jobs import Progress
from marrowscope.report.key_sheet import write_key_sheet
from marrowscope.workflow import places
from marrowscope.workflow.key_maps import (
    drop_key_map,
    is_own,
    keep_key_map,
    key_maps,
)
from marrowscope.workflow.writing import written_whole


@dataclass(frozen=True, slots=True)
class KeyMapRequest:
    """Keep `kept`, forget the own map called `dropped`; then tell what there is."""

    kept: KeyMap | None = None
    dropped: str = ""


@dataclass(frozen=True, slots=True)
class KeyMapsAtHand:
    """Every map, the names of the reader's own, and what could not be used."""

    maps: tuple[KeyMap, ...]
    own: frozenset[str]
    wrong: tuple[MarrowScopeError, ...]


def maps_at_hand(request: KeyMapRequest, progress: Progress) -> KeyMapsAtHand:
    """Do what is asked, then look."""
    if request.dropped:
        drop_key_map(request.dropped)
    if request.kept is not None:
        keep_key_map(request.kept)
    maps, wrong = key_maps()
    return KeyMapsAtHand(maps, frozenset(m.name for m in maps if is_own(m.name)), wrong)


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """Print a map as a page; `rows`: the keyboard's keys."""

    key_map: KeyMap
    rows: tuple[tuple[str, ...], ...]
    path: Path


def print_sheet(request: SheetRequest, progress: Progress) -> Path:
    """Where the page lies."""

    def write(part: Path) -> None:
        write_key_sheet(
            request.key_map,
            request.rows,
            part,
            taxonomy=places.load_taxonomy(),
            features=places.load_features(),
            resources=places.resources(),
        )

    written_whole(request.path, write)
    return request.path
