"""What a person says of a cell, kept beside the model's answer and never over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from marrowscope.domain.geometry import Box


class Origin(StrEnum):
    """Why a reader was shown a cell. Only what was met by chance is a sample."""

    MET = ""
    QUEUE = "review queue"
    SORTED = "sorted in the gallery"
    CHECK = "unflagged cells read blind"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One reader's call of one cell.

    `lines` are the taxonomy lines the call covers: one for an exact call, several when
    the reader named only the series ("erythroblast, stage not given"). `dysplastic` is
    None while nobody has judged it. `grades` holds the features the reader graded, 0
    to 3. `at` is UTC, ISO 8601.
    """

    cell: int
    lines: tuple[str, ...]
    dysplastic: bool | None
    reader: str
    at: str
    grades: Mapping[str, int] = field(default_factory=dict)
    origin: Origin = Origin.MET

    @property
    def chosen(self) -> bool:
        """True for a cell that was picked out: no percentage may count it."""
        return self.origin is not Origin.MET

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a verdict names at least one line")


@dataclass(frozen=True, slots=True)
class MissedCell:
    """A cell that no model found: a person drew its box, level-0 pixels.

    `lines`: what the person calls it at once; none while it is only drawn.
    """

    slide: int
    box: Box
    lines: tuple[str, ...] = ()
    dysplastic: bool | None = None


def is_keyed(cell: int) -> bool:
    """True for a cell counted by a key beside a microscope: it has no picture.

    Such cells are numbered -1, -2 and so on; those that have a place, 1 and onward.
    """
    return cell < 0


@dataclass(frozen=True, slots=True)
class Edit:
    """One intent of one reader: stored as one step, undone as one step.

    `name` completes "Undo: …". `withdrawn`: cells of which `who` says nothing any
    more. `boxes`: by cell the box a person drew around it, level-0 pixels; None takes
    the cell away. `missed`: cells added. `keyed`: by number (see `is_keyed`) the smear
    that a cell without a picture was counted on; its verdict comes along. All of them
    may come together: a split cell is taken away and two are added.
    `reading`: the second reading that it belongs to, which is never in force;
    `settles`: the one that it settles a disagreement with.
    """

    name: str
    who: str
    at: str
    verdicts: tuple[Verdict, ...] = ()
    withdrawn: tuple[int, ...] = ()
    boxes: Mapping[int, Box | None] = field(default_factory=dict)
    missed: tuple[MissedCell, ...] = ()
    keyed: Mapping[int, str] = field(default_factory=dict)
    reading: int | None = None
    settles: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A stored edit. `cells`: those it was about, by their ids of now.

    `added`: those among them that it added. `drew`: it changed boxes, not calls alone.
    """

    number: int
    name: str
    cells: tuple[int, ...] = ()
    drew: bool = False
    added: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What one reader's next undo and redo would do; "" for nothing."""

    undo: str = ""
    redo: str = ""


def latest(verdicts: Iterable[Verdict]) -> dict[int, Verdict]:
    """The last verdict of each cell, in the order given."""
    return {verdict.cell: verdict for verdict in verdicts}
