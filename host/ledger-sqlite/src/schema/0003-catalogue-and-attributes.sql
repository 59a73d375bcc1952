-- History.

-- Changes of the catalogue, as compact JSON. Positions count from 1 without gaps.
CREATE TABLE catalogue_changes (
    position  INTEGER PRIMARY KEY,
    at_millis INTEGER NOT NULL,
    change    TEXT NOT NULL
) STRICT;

-- Views.

-- `position` is the change that introduced the item; `owner` is empty where it stands for itself.
CREATE TABLE catalogue (
    position          INTEGER PRIMARY KEY,
    kind              TEXT NOT NULL,
    id                TEXT NOT NULL,
    owner             TEXT NOT NULL,
    name              TEXT NOT NULL,
    created_at_millis INTEGER NOT NULL,
    changed_at_millis INTEGER NOT NULL,
    record            TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX catalogue_by_id ON catalogue (kind, id);
CREATE UNIQUE INDEX catalogue_by_name ON catalogue (kind, owner, name);

-- What people attach to a run, and what of it lists are asked for by.
ALTER TABLE runs ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';
ALTER TABLE runs ADD COLUMN experiment TEXT;
ALTER TABLE runs ADD COLUMN schedule TEXT;
ALTER TABLE runs ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX runs_of_experiment ON runs (experiment, sequence) WHERE experiment IS NOT NULL;
CREATE INDEX runs_of_schedule ON runs (schedule, sequence) WHERE schedule IS NOT NULL;
