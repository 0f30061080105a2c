"""Each slide of the case with its state in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.likeness import Likeness, likeness_by_slide
from marrowscope.gui.case_state import Phase, RunState, SlideEntry

UNCALIBRATED = "uncalibrated"
UNLIKE = "stain unlike the training images"
NO_SLIDES = "Drop a slide or a folder of photos here."


@dataclass(frozen=True, slots=True)
class SlideCard:
    """One slide as the panel shows it. `fraction` is set while it is being read.

    `unlike`: words where most of its cells look unlike the training images. Two cards
    are equal when their words are, whatever their pictures.
    """

    number: int
    name: str
    state: str
    trust: str
    unlike: str
    fraction: float | None
    current: bool
    entry: SlideEntry = field(compare=False)


@dataclass(frozen=True, slots=True)
class SlideFigures:
    """What a table says of its slides, by number. Half a million cells take 20 ms."""

    cells: Mapping[int, int]
    likeness: Mapping[int, Likeness]

    @classmethod
    def of(cls, table: CellTable | None) -> SlideFigures:
        """Counted at once: a large table is not looked through for every slide."""
        if table is None or not len(table):
            return cls({}, {})
        met = np.bincount(table.slide[~table.sought])
        return cls(dict(enumerate(met.tolist())), likeness_by_slide(table))


def cards(
    slides: Sequence[SlideEntry],
    *,
    current: int | None,
    run: RunState,
    figures: SlideFigures,
) -> tuple[SlideCard, ...]:
    """The slides in the order of the case."""
    fraction = _fraction_read(slides, run)
    cells, likeness = figures.cells, figures.likeness
    return tuple(
        SlideCard(
            number=entry.number,
            name=entry.name,
            state=_state(entry, run, cells.get(entry.number, 0), fraction),
            trust="" if entry.mpp is not None else _scale_words(entry),
            unlike=_unlike(likeness.get(entry.number)),
            fraction=fraction if _being_read(entry, run) else None,
            current=entry.number == current,
            entry=entry,
        )
        for entry in slides
    )


def _unlike(likeness: Likeness | None) -> str:
    return UNLIKE if likeness is not None and likeness.marked else ""


def _being_read(entry: SlideEntry, run: RunState) -> bool:
    return run.active and run.slide == entry.number


def _fraction_read(slides: Sequence[SlideEntry], run: RunState) -> float | None:
    """How much of the slide in hand is read, 0 to 1.

    A run counts the fields of all slides together; slides are read in their order and
    have fields by their area.
    """
    areas = [entry.size[0] * entry.size[1] for entry in slides]
    places = [i for i, entry in enumerate(slides) if _being_read(entry, run)]
    if not places or not run.total:
        return None
    fields = [run.total * area / sum(areas) for area in areas]
    here = places[0]
    return min(max((run.done - sum(fields[:here])) / fields[here], 0.0), 1.0)


def _state(entry: SlideEntry, run: RunState, cells: int, fraction: float | None) -> str:
    found = f"{cells:,} cell{'' if cells == 1 else 's'}" if cells else ""
    if not _being_read(entry, run):
        nothing = "not read" if entry.read_mpp is None else "read, no cells found"
        return found or nothing
    if fraction is None:
        return "preparing"
    word = "paused" if run.phase is Phase.PAUSED else "reading"
    return f"{word} {100 * fraction:.0f} %"


def _scale_words(entry: SlideEntry) -> str:
    if entry.working_mpp is None or not entry.certainty:
        return UNCALIBRATED
    source = entry.certainty.removeprefix("proposed from ")
    return f"{UNCALIBRATED} · {entry.working_mpp:.3g} µm/px ({source})"
