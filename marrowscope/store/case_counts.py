"""The formal counts of a case: fixed once, cells only ever added."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from marrowscope.domain.formal_count import FormalCount
from marrowscope.store import journal

_COUNTED = ""  # the purpose of a cell of the count itself


def begin(connection: sqlite3.Connection, count: FormalCount) -> None:
    """Fix a count; it replaces an earlier one, which stays in the file."""
    connection.execute(
        "INSERT INTO formal_counts (target, seed, who, at) VALUES (?, ?, ?, ?)",
        (count.target, str(count.seed), count.who, count.at),
    )
    said = f"{count.target} cells, seed {count.seed}"
    journal.note(
        connection, "formal count fixed", became=said, who=count.who, at=count.at
    )


def draw(
    connection: sqlite3.Connection,
    cells: Mapping[int, Iterable[int]],
    on_top: Mapping[str, Iterable[int]],
    *,
    who: str,
) -> None:
    """Add cells, by smear, and cells on top, by lineage, to the newest count."""
    (number,) = connection.execute("SELECT max(number) FROM formal_counts").fetchone()
    rows = [(number, smear, _COUNTED, c) for smear, some in cells.items() for c in some]
    rows += [(number, 0, name, c) for name, some in on_top.items() for c in some]
    connection.executemany(
        "INSERT INTO formal_count_cells (count, smear, lineage, cell)"
        " VALUES (?, ?, ?, ?)",
        rows,
    )
    if rows:
        said = f"{len(rows)} cells"
        journal.note(connection, "formal count: drawn", became=said, who=who)


def note_blind(connection: sqlite3.Connection, cells: Iterable[int]) -> None:
    """These cells were called before the model's class was shown."""
    connection.executemany(
        "INSERT OR IGNORE INTO formal_count_blind (count, cell)"
        " SELECT max(number), ? FROM formal_counts",
        [(cell,) for cell in cells],
    )


def stored(connection: sqlite3.Connection) -> FormalCount | None:
    """The newest count with the cells as they were drawn; None before any."""
    row = connection.execute(
        "SELECT number, target, seed, who, at FROM formal_counts"
        " ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    number, target, seed, who, at = row
    draws: list[tuple[int, int]] = []
    on_top: dict[str, tuple[int, ...]] = {}
    for smear, lineage, cell in connection.execute(
        "SELECT smear, lineage, cell FROM formal_count_cells WHERE count = ?"
        " ORDER BY place",
        (number,),
    ):
        if lineage == _COUNTED:
            draws.append((smear, cell))
        else:
            on_top[lineage] = (*on_top.get(lineage, ()), cell)
    blind = connection.execute(
        "SELECT cell FROM formal_count_blind WHERE count = ?", (number,)
    )
    return FormalCount(
        *(target, int(seed), who, at, tuple(draws), on_top),
        blind=frozenset(cell for (cell,) in blind),
    )
