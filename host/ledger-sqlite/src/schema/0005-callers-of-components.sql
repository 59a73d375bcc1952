-- Views.

-- Which runs call a component, by its digest. `sequence` is the entry that introduced the run.
CREATE TABLE calls (
    component TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    pipeline  TEXT NOT NULL,
    PRIMARY KEY (component, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX calls_of_pipeline ON calls (component, pipeline, sequence);

-- What the steps that are there already say: a digest is the 71 characters behind the last `@`.
INSERT OR IGNORE INTO calls (component, sequence, pipeline)
SELECT substr(steps.component, -71), runs.sequence, runs.pipeline
FROM steps JOIN runs ON runs.id = steps.run
WHERE steps.component GLOB '*@sha256:*';
