"""Tables of a case file, version 10.

A model's answer is written once: triggers refuse to change or drop a cell, a verdict
a step or a line of the journal.
Blobs are little-endian float32 unless said otherwise. Times are UTC, ISO 8601.
"""

from __future__ import annotations

from marrowscope.store.schema_signing import NEWEST

APPLICATION_ID = 0x4D52574D  # "MRWM"
VERSION = 10

# How the photos of a case lie, and what the low levels of a slide show (version 4).
# What stands in them is worked out anew from photos and cells whenever either change.
PLACES = (
    """CREATE TABLE photos (
    slide INTEGER PRIMARY KEY REFERENCES slides (number),
    compared INTEGER NOT NULL       -- round of its last comparison; 0: cannot be read
)""",
    """CREATE TABLE photo_overlaps (
    first INTEGER NOT NULL REFERENCES slides (number),
    second INTEGER NOT NULL REFERENCES slides (number),
    transform BLOB NOT NULL,        -- (2, 3) float64: pixels of first to second
    shared REAL NOT NULL,           -- of the smaller photo's area
    likeness REAL NOT NULL,         -- correlation of the pixels both show
    PRIMARY KEY (first, second)
) WITHOUT ROWID""",
    """CREATE TABLE seen_again (
    cell INTEGER PRIMARY KEY,
    standing INTEGER NOT NULL       -- the look that counts
)""",
    """CREATE TABLE slide_copies (
    slide INTEGER NOT NULL REFERENCES slides (number),
    name TEXT NOT NULL,             -- of another file with the same content
    PRIMARY KEY (slide, name)
) WITHOUT ROWID""",
    """CREATE TABLE zone_maps (
    slide INTEGER PRIMARY KEY REFERENCES slides (number),
    patch REAL NOT NULL,            -- side of a patch in level-0 pixels
    rows INTEGER NOT NULL,
    columns INTEGER NOT NULL,
    names TEXT NOT NULL,            -- JSON list: what the numbers in zones mean
    zones BLOB NOT NULL,            -- uint8, row by row
    quality BLOB NOT NULL           -- uint8, 0 to 255
)""",
)

SEARCHES = """CREATE TABLE megakaryocyte_searches (
    run INTEGER PRIMARY KEY REFERENCES runs (number),
    candidates INTEGER NOT NULL,    -- places looked at
    failed INTEGER NOT NULL         -- of them could not be read
)"""

# Parts of slides that a reader takes into the count or leaves out (version 6).
REGIONS = """CREATE TABLE regions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- the order they were drawn in
    id TEXT NOT NULL UNIQUE,        -- UUID
    slide INTEGER NOT NULL REFERENCES slides (number),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('include', 'exclude')),
    shape BLOB NOT NULL             -- well-known binary, level-0 pixels
)"""

# What other programs class regions as, which goes back with them (version 10).
REGION_CLASSES = """CREATE TABLE region_classes (
    region TEXT PRIMARY KEY REFERENCES regions (id),
    name TEXT NOT NULL,
    colour INTEGER                  -- 0xRRGGBB; NULL: unknown
)"""

# Every edit of a reader is a step; undoing one is another step (version 7).
STEPS = (
    """CREATE TABLE steps (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,             -- completes "Undo: ..."
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    undoes INTEGER REFERENCES steps (number)    -- NULL: an edit
)""",
    "CREATE INDEX steps_undoing ON steps (undoes) WHERE undoes IS NOT NULL",
    """CREATE TABLE drawn_boxes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    step INTEGER NOT NULL REFERENCES steps (number),
    cell INTEGER NOT NULL,          -- of cells, or a cell that no run found
    slide INTEGER NOT NULL REFERENCES slides (number),
    box BLOB                        -- as in cells; NULL: taken away
)""",
    "CREATE INDEX drawn_boxes_of_cell ON drawn_boxes (cell)",
    "CREATE INDEX drawn_boxes_of_step ON drawn_boxes (step)",
    """CREATE TRIGGER steps_stay BEFORE UPDATE ON steps
BEGIN SELECT RAISE(ABORT, 'a step is never overwritten'); END""",
    """CREATE TRIGGER steps_remain BEFORE DELETE ON steps
BEGIN SELECT RAISE(ABORT, 'a step is never removed'); END""",
    """CREATE TRIGGER drawn_boxes_stay BEFORE UPDATE ON drawn_boxes
BEGIN SELECT RAISE(ABORT, 'a drawn box is never overwritten'); END""",
    """CREATE TRIGGER drawn_boxes_remain BEFORE DELETE ON drawn_boxes
BEGIN SELECT RAISE(ABORT, 'a drawn box is never removed'); END""",
)

# A verdict may speak of a cell that no run found, so it refers to no table of cells.
VERDICTS = (
    """CREATE TABLE verdicts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    cell INTEGER NOT NULL,
    lines TEXT NOT NULL,            -- JSON list of taxonomy lines; []: call taken back
    dysplastic INTEGER,             -- NULL: not judged
    grades TEXT NOT NULL,           -- JSON object: feature to grade
    reader TEXT NOT NULL,
    at TEXT NOT NULL,
    withdrawn TEXT,                 -- when it was taken back, before version 7
    step INTEGER REFERENCES steps (number)      -- NULL: said before version 7
)""",
    "CREATE INDEX verdicts_of_cell ON verdicts (cell)",
    "CREATE INDEX verdicts_of_step ON verdicts (step)",
    """CREATE TRIGGER verdicts_stay BEFORE UPDATE ON verdicts
BEGIN SELECT RAISE(ABORT, 'a verdict is never overwritten'); END""",
    """CREATE TRIGGER verdicts_remain BEFORE DELETE ON verdicts
BEGIN SELECT RAISE(ABORT, 'a verdict is never removed'); END""",
)

# Cells drawn at random for a formal count (version 8).
COUNTS = (
    """CREATE TABLE formal_counts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- the newest is the one in force
    target INTEGER NOT NULL,
    seed TEXT NOT NULL,             -- a whole number of any size
    who TEXT NOT NULL,
    at TEXT NOT NULL
)""",
    """CREATE TABLE formal_count_cells (
    place INTEGER PRIMARY KEY AUTOINCREMENT,    -- the order to read in
    count INTEGER NOT NULL REFERENCES formal_counts (number),
    smear INTEGER NOT NULL,         -- a slide; 0: the photos together, or on top
    lineage TEXT NOT NULL,          -- '': for the count; else on top, for dysplasia
    cell INTEGER NOT NULL,
    UNIQUE (count, cell)
)""",
)

# Cells of a formal count that were called before the model's class was shown: by their
# ids of that moment (version 9).
BLIND = """CREATE TABLE formal_count_blind (
    count INTEGER NOT NULL REFERENCES formal_counts (number),
    cell INTEGER NOT NULL,
    PRIMARY KEY (count, cell)
) WITHOUT ROWID"""

# A model's answers, a row for the cells of a field (version 9): a row for each cell
# took seconds to read. Every blob holds the cells of the row one after another.
CELLS = (
    """CREATE TABLE cells_of_fields (
    first INTEGER PRIMARY KEY,      -- id of the first cell; the others follow on
    count INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES runs (number),
    field INTEGER NOT NULL,         -- -1: sought at low power, in no field
    box BLOB NOT NULL,              -- (N, 4) x, y, width, height in level-0 pixels
    detection_score BLOB NOT NULL,  -- (N,)
    cut BLOB NOT NULL,              -- (N,) uint8
    probabilities BLOB NOT NULL,    -- (N, C) one per class of the run's vocabulary
    grades BLOB NOT NULL,           -- (N, F) one per feature, 0 to 3
    fine BLOB NOT NULL,             -- (N, K) float16, one per finer output
    strangeness BLOB NOT NULL,      -- (N,) above 1: unlike the training; NaN: unknown
    saliency BLOB NOT NULL,         -- (N, 8, 8) uint8
    points BLOB NOT NULL,           -- (N,) int32 points of each outline; -1: none
    outline BLOB NOT NULL           -- (P, 2) x, y in level-0 pixels of all outlines
)""",
    "CREATE INDEX cells_of_fields_by_run ON cells_of_fields (run)",
    """CREATE TRIGGER cells_of_fields_stay BEFORE UPDATE ON cells_of_fields
BEGIN SELECT RAISE(ABORT, 'a model''s answer is never overwritten'); END""",
    """CREATE TRIGGER cells_of_fields_remain BEFORE DELETE ON cells_of_fields
BEGIN SELECT RAISE(ABORT, 'a model''s answer is never removed'); END""",
)

# Cells counted by keys beside a microscope, without any picture (version 9). Their
# numbers run down from -1 and are never given twice.
KEYED = (
    """CREATE TABLE keyed_cells (
    cell INTEGER PRIMARY KEY CHECK (cell < 0),
    step INTEGER NOT NULL REFERENCES steps (number),
    smear TEXT NOT NULL             -- as the reader called the smear it was seen on
)""",
    """CREATE TRIGGER keyed_cells_stay BEFORE UPDATE ON keyed_cells
BEGIN SELECT RAISE(ABORT, 'a keyed cell is never overwritten'); END""",
    """CREATE TRIGGER keyed_cells_remain BEFORE DELETE ON keyed_cells
BEGIN SELECT RAISE(ABORT, 'a keyed cell is never removed'); END""",
)

# Why a reader was shown a cell that was called, where it was not met by chance, and
# unflagged cells drawn at random to be read blind (version 9).
CHOSEN = (
    """CREATE TABLE verdict_origins (
    verdict INTEGER PRIMARY KEY REFERENCES verdicts (number),
    origin TEXT NOT NULL
)""",
    """CREATE TABLE unflagged_checks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- the newest of a lineage is in force
    lineage TEXT NOT NULL,
    seed TEXT NOT NULL,             -- a whole number of any size
    unflagged INTEGER NOT NULL,     -- cells they were drawn from
    who TEXT NOT NULL,
    at TEXT NOT NULL
)""",
    """CREATE TABLE unflagged_check_cells (
    place INTEGER PRIMARY KEY AUTOINCREMENT,    -- the order to read in
    drawing INTEGER NOT NULL REFERENCES unflagged_checks (number),
    cell INTEGER NOT NULL,
    UNIQUE (drawing, cell)
)""",
)

LATER = (
    *(*PLACES, SEARCHES, REGIONS, REGION_CLASSES, *STEPS, *VERDICTS, *COUNTS),
    *(BLIND, *CELLS, *KEYED, *CHOSEN, *NEWEST),
)

TABLES = f"""
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE specimen (
    field TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE slides (
    number INTEGER PRIMARY KEY,
    content TEXT NOT NULL UNIQUE,   -- hash of the file's content
    name TEXT NOT NULL,
    path TEXT NOT NULL,             -- where it was seen last
    width INTEGER NOT NULL,         -- level-0 pixels
    height INTEGER NOT NULL,
    mpp REAL,                       -- microns per level-0 pixel; NULL: uncalibrated
    mpp_source TEXT NOT NULL,
    scanned INTEGER                 -- NULL: entered before version 10, nobody looked
);

CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    slide INTEGER NOT NULL REFERENCES slides (number),
    model_name TEXT NOT NULL,
    model_version TEXT NOT NULL,
    model_family TEXT NOT NULL,
    model_sha256 TEXT NOT NULL,
    device_requested TEXT NOT NULL,
    device_actual TEXT NOT NULL,
    program TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    plan TEXT NOT NULL,             -- JSON
    vocabulary TEXT NOT NULL        -- JSON: classes, features, rule
);

CREATE TABLE fields (
    run INTEGER NOT NULL REFERENCES runs (number),
    number INTEGER NOT NULL,
    x REAL NOT NULL, y REAL NOT NULL,           -- level-0 pixels
    width REAL NOT NULL, height REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'read', 'failed')),
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run, number)
) WITHOUT ROWID;

CREATE TABLE journal (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    was TEXT NOT NULL,
    became TEXT NOT NULL
);

{"".join(f"{statement};" for statement in LATER)}

CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is never overwritten'); END;
CREATE TRIGGER journal_remains BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is never shortened'); END;
"""
