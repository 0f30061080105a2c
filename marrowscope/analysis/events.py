"""What a run tells while it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Box


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The fields to come, as level-0 boxes; field i is `fields[i]`."""

    fields: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class FieldRead:
    """One field is done: its own cells (each cell of the slide in one field only)."""

    number: int
    field: Box
    cells: CellTable
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FieldFailed:
    """One field could not be read; the run goes on."""

    number: int
    field: Box
    reason: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RunFinished:
    """`cancelled` when the token stopped the run; what was read before stays."""

    read: int
    failed: int
    cancelled: bool


@dataclass(frozen=True, slots=True)
class SearchStarted:
    """Megakaryocytes are being sought at low power over the whole smear."""


@dataclass(frozen=True, slots=True)
class CandidateRead:
    """One place was looked at; `cells` are the megakaryocytes not met before."""

    field: Box
    cells: CellTable
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SearchFinished:
    """`cancelled` when the token stopped the search; what was found before stays."""

    candidates: int
    failed: int
    cancelled: bool


Event = (
    RunStarted
    | FieldRead
    | FieldFailed
    | RunFinished
    | SearchStarted
    | CandidateRead
    | SearchFinished
)
