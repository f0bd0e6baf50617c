-- Times are microseconds since the Unix epoch, UTC.

CREATE TABLE schedules (
    id           TEXT    NOT NULL PRIMARY KEY,
    pipeline_id  TEXT    NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
    cron         TEXT    NOT NULL,
    enabled      INTEGER NOT NULL,
    last_run_id  TEXT    REFERENCES runs (id) ON DELETE SET NULL,
    last_run_at  INTEGER,
    counted_from INTEGER NOT NULL,                      -- next_run_at is the first due time after this one
    next_run_at  INTEGER,                               -- NULL when there is none
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX schedules_due         ON schedules (next_run_at) WHERE enabled = 1;
CREATE INDEX schedules_by_created  ON schedules (created_at DESC, id);
CREATE INDEX schedules_by_pipeline ON schedules (pipeline_id);
CREATE INDEX schedules_by_last_run ON schedules (last_run_id) WHERE last_run_id IS NOT NULL;

CREATE TABLE triggers (
    id                TEXT    NOT NULL PRIMARY KEY,
    pipeline_id       TEXT    NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
    type              TEXT    NOT NULL,
    config            TEXT    NOT NULL,                 -- JSON object as the API shows it
    subject           TEXT,                             -- whose events it waits for: a zone, a pipeline, a token's hash
    enabled           INTEGER NOT NULL,
    cooldown_seconds  INTEGER NOT NULL,
    last_triggered_at INTEGER,
    last_run_id       TEXT    REFERENCES runs (id) ON DELETE SET NULL,
    counted_from      INTEGER NOT NULL,                 -- next_due_at is the first due time after this one, its cooldown over
    next_due_at       INTEGER,                          -- NULL when there is none, and for the types without a clock
    awaits            INTEGER NOT NULL DEFAULT 0,       -- 1 when it is due but a dependency is missing: the clock leaves it alone
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;

CREATE INDEX triggers_due         ON triggers (next_due_at) WHERE enabled = 1 AND awaits = 0;
CREATE INDEX triggers_by_pipeline ON triggers (pipeline_id, created_at DESC, id);
CREATE INDEX triggers_by_subject  ON triggers (type, subject);
CREATE INDEX triggers_by_last_run ON triggers (last_run_id) WHERE last_run_id IS NOT NULL;

-- The pipelines that a cron_dependency trigger waits for, and whether each has succeeded since it last fired: an event that happened stays one,
-- whatever becomes of the run's row and of the clock.
CREATE TABLE trigger_dependencies (
    dependency TEXT    NOT NULL,                        -- namespace.layer.pipeline
    trigger_id TEXT    NOT NULL REFERENCES triggers (id) ON DELETE CASCADE,
    satisfied  INTEGER NOT NULL,
    PRIMARY KEY (dependency, trigger_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX trigger_dependencies_by_trigger ON trigger_dependencies (trigger_id);

CREATE INDEX runs_active_by_pipeline ON runs (pipeline_id) WHERE status IN ('pending', 'running');
