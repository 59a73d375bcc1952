-- What sort of work a run is; all were pipelines before there were others.
ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'pipeline';
CREATE INDEX runs_of_kind ON runs (kind, sequence);
