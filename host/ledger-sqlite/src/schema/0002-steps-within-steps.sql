-- Steps may hold steps: `kind` says which do, `parent` is the name of the one that a step is inside of.
ALTER TABLE steps ADD COLUMN kind TEXT NOT NULL DEFAULT 'step';
ALTER TABLE steps ADD COLUMN parent TEXT;

-- What ended a run, where it was not its steps.
ALTER TABLE runs ADD COLUMN failure TEXT;
