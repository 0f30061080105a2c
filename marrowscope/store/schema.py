"""Tables of a case file, version 3.

A model's answer is written once: triggers refuse to change or drop a cell, a verdict
or a line of the journal (a verdict may only be marked as withdrawn).
Blobs are little-endian float32 unless said otherwise. Times are UTC, ISO 8601.
"""

from __future__ import annotations

APPLICATION_ID = 0x4D52574D  # "MRWM"
VERSION = 3

TABLES = """
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
    mpp_source TEXT NOT NULL
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

CREATE TABLE cells (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (number),
    field INTEGER NOT NULL,
    box BLOB NOT NULL,              -- x, y, width, height in level-0 pixels
    probabilities BLOB NOT NULL,    -- one per class of the run's vocabulary
    grades BLOB NOT NULL,           -- one per feature, 0 to 3
    saliency BLOB NOT NULL,         -- 8 x 8 uint8
    detection_score REAL NOT NULL,
    cut INTEGER NOT NULL,
    outline BLOB,                   -- x, y pairs in level-0 pixels; NULL: none
    fine BLOB NOT NULL DEFAULT x'', -- float16, one per finer output of the vocabulary
    strangeness REAL                -- above 1: unlike the training; NULL: not measured
);
CREATE INDEX cells_of_run ON cells (run);

CREATE TABLE verdicts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    cell INTEGER NOT NULL REFERENCES cells (id),
    lines TEXT NOT NULL,            -- JSON list of taxonomy lines
    dysplastic INTEGER,             -- NULL: not judged
    grades TEXT NOT NULL,           -- JSON object: feature to grade
    reader TEXT NOT NULL,
    at TEXT NOT NULL,
    withdrawn TEXT                  -- when it was taken back
);

CREATE TABLE journal (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    was TEXT NOT NULL,
    became TEXT NOT NULL
);

CREATE TRIGGER cells_stay BEFORE UPDATE ON cells
BEGIN SELECT RAISE(ABORT, 'a model''s answer is never overwritten'); END;
CREATE TRIGGER cells_remain BEFORE DELETE ON cells
BEGIN SELECT RAISE(ABORT, 'a model''s answer is never removed'); END;
CREATE TRIGGER verdicts_stay
BEFORE UPDATE OF number, cell, lines, dysplastic, grades, reader, at ON verdicts
BEGIN SELECT RAISE(ABORT, 'a verdict is never overwritten'); END;
CREATE TRIGGER verdicts_remain BEFORE DELETE ON verdicts
BEGIN SELECT RAISE(ABORT, 'a verdict is never removed'); END;
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is never overwritten'); END;
CREATE TRIGGER journal_remains BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is never shortened'); END;
"""
