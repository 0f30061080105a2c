"""Each slide of the case with its state in a few words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Pixels
from marrowscope.gui.case_state import Phase, RunState, SlideEntry

UNCALIBRATED = "uncalibrated"
NO_SLIDES = "Drop a slide or a folder of photos here."


@dataclass(frozen=True, slots=True)
class SlideCard:
    """One slide as the panel shows it. `fraction` is set while it is being read."""

    number: int
    name: str
    state: str
    trust: str
    fraction: float | None
    current: bool
    thumbnail: Pixels | None


def cards(
    slides: Sequence[SlideEntry],
    *,
    current: int | None,
    run: RunState,
    table: CellTable | None,
) -> tuple[SlideCard, ...]:
    """The slides in the order of the case."""
    return tuple(
        SlideCard(
            number=entry.number,
            name=entry.name,
            state=_state(entry, run, _cells_of(entry, table)),
            trust="" if entry.mpp is not None else _scale_words(entry),
            fraction=_fraction(entry, run),
            current=entry.number == current,
            thumbnail=entry.thumbnail,
        )
        for entry in slides
    )


def _cells_of(entry: SlideEntry, table: CellTable | None) -> int:
    if table is None or not len(table):
        return 0
    return int(np.count_nonzero(table.slide == entry.number))


def _being_read(entry: SlideEntry, run: RunState) -> bool:
    return run.active and run.slide == entry.number


def _fraction(entry: SlideEntry, run: RunState) -> float | None:
    if not _being_read(entry, run) or not run.total:
        return None
    return run.done / run.total


def _state(entry: SlideEntry, run: RunState, cells: int) -> str:
    found = f"{cells:,} cell{'' if cells == 1 else 's'}" if cells else ""
    if not _being_read(entry, run):
        return found or "not read"
    fraction = _fraction(entry, run)
    if fraction is None:
        return "preparing"
    word = "paused" if run.phase is Phase.PAUSED else "reading"
    return f"{word} {100 * fraction:.0f} %"


def _scale_words(entry: SlideEntry) -> str:
    if entry.working_mpp is None or not entry.certainty:
        return UNCALIBRATED
    return f"{UNCALIBRATED}, {entry.working_mpp:.3g} µm/px {entry.certainty}"
