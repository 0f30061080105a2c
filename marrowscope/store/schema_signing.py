"""Tables of version 9 for what becomes of a reading: signed, read again, compared."""

from __future__ import annotations


def _kept(table: str, said: str) -> tuple[str, str]:
    """Triggers that refuse to change or drop a row."""
    return (
        f"""CREATE TRIGGER {table}_stay BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{said} is never overwritten'); END""",
        f"""CREATE TRIGGER {table}_remain BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{said} is never removed'); END""",
    )


# The newest signature is in force until it is amended: the case is then read-only.
SIGNING = (
    """CREATE TABLE signatures (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- version 1, 2 ... of the report
    name TEXT NOT NULL,             -- as printed
    meaning TEXT NOT NULL,
    at TEXT NOT NULL,
    account TEXT NOT NULL,          -- who was logged in
    sha256 TEXT NOT NULL            -- of the content, see report.signing
)""",
    """CREATE TABLE signed_documents (
    number INTEGER PRIMARY KEY,
    signature INTEGER NOT NULL REFERENCES signatures (number),
    name TEXT NOT NULL,             -- of the file
    content BLOB NOT NULL,          -- zlib
    UNIQUE (signature, name)
)""",
    """CREATE TABLE amendments (
    signature INTEGER PRIMARY KEY REFERENCES signatures (number),
    reason TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL
)""",
    *_kept("signatures", "a signature"),
    *_kept("signed_documents", "a signed document"),
    *_kept("amendments", "an amendment"),
)

# A second reader's steps belong to a reading of their own and are never in force.
READINGS = (
    """CREATE TABLE second_readings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    reader TEXT NOT NULL,
    seed TEXT NOT NULL,             -- a whole number of any size
    of TEXT NOT NULL,               -- what the cells were drawn from
    at TEXT NOT NULL
)""",
    """CREATE TABLE second_reading_cells (
    place INTEGER PRIMARY KEY AUTOINCREMENT,    -- the order to read in
    reading INTEGER NOT NULL REFERENCES second_readings (number),
    cell INTEGER NOT NULL,
    UNIQUE (reading, cell)
)""",
    "ALTER TABLE steps ADD COLUMN reading INTEGER REFERENCES second_readings (number)",
    "ALTER TABLE steps ADD COLUMN settles INTEGER REFERENCES second_readings (number)",
    "CREATE INDEX steps_aside ON steps (reading) WHERE reading IS NOT NULL",
    *_kept("second_readings", "a second reading"),
    *_kept("second_reading_cells", "a cell of a second reading"),
)

# The patient's earlier marrow as its own case said it was when it was compared.
EARLIER = """CREATE TABLE earlier_marrows (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- the newest is the one compared with
    name TEXT NOT NULL,
    content TEXT NOT NULL,          -- JSON; '': compared with none any more
    who TEXT NOT NULL,
    at TEXT NOT NULL
)"""

NEWEST = (*SIGNING, *READINGS, EARLIER)
