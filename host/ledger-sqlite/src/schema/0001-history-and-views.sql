-- History. These tables are the truth; nothing in them is ever updated or deleted.

-- Positions count from 1 without gaps. Event and facts are compact JSON.
CREATE TABLE entries (
    sequence  INTEGER PRIMARY KEY,
    run       TEXT NOT NULL,
    at_millis INTEGER NOT NULL,
    event     TEXT NOT NULL,
    facts     TEXT NOT NULL
) STRICT;
CREATE INDEX entries_of_run ON entries (run, sequence);

-- Artifacts that someone uploaded. `after_entry` is the newest entry at that time.
CREATE TABLE uploads (
    number      INTEGER PRIMARY KEY,
    after_entry INTEGER NOT NULL,
    at_millis   INTEGER NOT NULL,
    artifact    TEXT NOT NULL
) STRICT;

-- Log lines, numbered from 1 within their run.
CREATE TABLE logs (
    run       TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    at_millis INTEGER NOT NULL,
    step      TEXT NOT NULL,
    attempt   INTEGER NOT NULL,
    stream    TEXT NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (run, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX logs_of_step ON logs (run, step, sequence);

-- Views. Derived from the history, thrown away and derived again at will.

-- `sequence` is the entry that introduced the run.
CREATE TABLE runs (
    sequence            INTEGER PRIMARY KEY,
    id                  TEXT NOT NULL UNIQUE,
    pipeline            TEXT NOT NULL,
    status              TEXT NOT NULL,
    submitted_at_millis INTEGER NOT NULL,
    finished_at_millis  INTEGER,
    steps_total         INTEGER NOT NULL,
    steps_finished      INTEGER NOT NULL,
    parameters          TEXT NOT NULL
) STRICT;
CREATE INDEX runs_of_pipeline ON runs (pipeline, sequence);
CREATE INDEX runs_of_status ON runs (status, sequence);
CREATE INDEX runs_of_pipeline_and_status ON runs (pipeline, status, sequence);
CREATE INDEX runs_unfinished ON runs (sequence) WHERE finished_at_millis IS NULL;

CREATE TABLE steps (
    run                TEXT NOT NULL,
    name               TEXT NOT NULL,
    status             TEXT NOT NULL,
    attempts           INTEGER NOT NULL,
    reused             INTEGER NOT NULL,
    component          TEXT NOT NULL,
    started_at_millis  INTEGER,
    finished_at_millis INTEGER,
    outputs            TEXT,
    failure            TEXT,
    usage              TEXT,
    PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

-- Each digest once, where it was made first. `part` is the fact within the entry.
CREATE TABLE artifacts (
    digest   TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    record   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX artifacts_by_position ON artifacts (sequence, part);

-- Each output of each run.
CREATE TABLE made (
    run      TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    record   TEXT NOT NULL,
    PRIMARY KEY (run, sequence, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE uses (
    digest    TEXT NOT NULL,
    run       TEXT NOT NULL,
    step      TEXT NOT NULL,
    parameter TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    part      INTEGER NOT NULL,
    PRIMARY KEY (digest, run, step, parameter)
) STRICT, WITHOUT ROWID;
CREATE INDEX uses_by_position ON uses (digest, sequence, part);

CREATE TABLE cached_results (
    key     TEXT PRIMARY KEY,
    run     TEXT NOT NULL,
    outputs TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbered from 1 within their run.
CREATE TABLE metrics (
    run       TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    at_millis INTEGER NOT NULL,
    step      TEXT NOT NULL,
    name      TEXT NOT NULL,
    axis      INTEGER NOT NULL,
    value     REAL,
    PRIMARY KEY (run, sequence)
) STRICT, WITHOUT ROWID;
