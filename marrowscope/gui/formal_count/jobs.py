"""What a formal count asks of workers: to draw, to look again, to note what was hid."""

from __future__ import annotations

from dataclasses import dataclass

from marrowscope.domain.formal_count import FormalCount, random_order
from marrowscope.gui.jobs import Progress
from marrowscope.workflow.formal_count import CellsOfCase, draw
from marrowscope.workflow.opening import OpenedCase

GIANTS_STREAM = 2**31  # apart from the streams of smears and lineages


@dataclass(frozen=True, slots=True, eq=False)
class DrawRequest:
    """Fix a count where there is none, and draw what it needs of these cells."""

    case: OpenedCase
    cells: CellsOfCase
    reader: str
    target: int | None = None
    seed: int | None = None


def draw_count(request: DrawRequest, progress: Progress) -> FormalCount:
    """The count with every cell it needs now. Raises MarrowScopeError, see `draw`."""
    return draw(
        request.case.file,
        request.cells,
        target=request.target,
        seed=request.seed,
        reader=request.reader,
    )


def count_now(request: OpenedCase, progress: Progress) -> FormalCount | None:
    """The count of a case, its cells by their ids of now."""
    return request.file.formal_count()


@dataclass(frozen=True, slots=True, eq=False)
class GiantsRequest:
    """Every megakaryocyte of these cells, in the random order of this seed."""

    cells: CellsOfCase
    seed: int


def giants(request: GiantsRequest, progress: Progress) -> list[int]:
    """Their ids, however they were found; half a million cells take a moment."""
    found = [one.cell for one in request.cells.megakaryocytes()]
    return random_order(found, request.seed, GIANTS_STREAM).tolist()


@dataclass(frozen=True, slots=True, eq=False)
class BlindRequest:
    """These cells were called before their class was shown."""

    case: OpenedCase
    cells: tuple[int, ...]


def note_blind(request: BlindRequest, progress: Progress) -> None:
    """Have the case file keep it."""
    request.case.file.note_blind(request.cells)


@dataclass(frozen=True, slots=True)
class BlindnessRequest:
    """From now on the model's class is hidden while reading, or shown."""

    case: OpenedCase
    blind: bool
    reader: str


def note_blindness(request: BlindnessRequest, progress: Progress) -> None:
    """Have the journal say so."""
    request.case.file.note_blindness(request.blind, who=request.reader)
