"""Searches for megakaryocytes over a whole smear, each beside the run it belongs to.

What a search found stands among the run's cells, in no field (see `SOUGHT`).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from marrowscope.store import journal

SOUGHT = -1  # the field of a cell that was sought at low power


@dataclass(frozen=True, slots=True)
class StoredSearch:
    """A search that came to its end.

    `candidates`: places that low power pointed out and the model looked at; `failed` of
    them could not be read.
    """

    slide: int
    candidates: int
    failed: int


def finish(
    connection: sqlite3.Connection, run: int, *, candidates: int, failed: int
) -> None:
    """Say that megakaryocytes were sought to the end beside a run."""
    connection.execute(
        "INSERT OR REPLACE INTO megakaryocyte_searches VALUES (?, ?, ?)",
        (run, candidates, failed),
    )
    what = f"run {run}: megakaryocytes sought over the whole smear"
    journal.note(connection, what, became=f"{candidates} candidates")


def stored(connection: sqlite3.Connection) -> dict[int, StoredSearch]:
    """By run the search that came to its end beside it; runs without one left out."""
    rows = connection.execute(
        "SELECT run, slide, candidates, failed FROM megakaryocyte_searches"
        " JOIN runs ON runs.number = run"
    )
    return {run: StoredSearch(*rest) for run, *rest in rows}
