-- Times are microseconds since the Unix epoch, UTC.
CREATE TABLE runs (
    id            TEXT    NOT NULL PRIMARY KEY,
    seq           INTEGER NOT NULL UNIQUE,           -- order of arrival: the queue is the pending rows by seq
    pipeline_id   TEXT    NOT NULL,
    namespace     TEXT    NOT NULL,
    layer         TEXT    NOT NULL,
    pipeline      TEXT    NOT NULL,
    status        TEXT    NOT NULL CHECK (status IN ('pending', 'running', 'success', 'failed', 'cancelled')),
    trigger       TEXT    NOT NULL,
    automatic     INTEGER NOT NULL DEFAULT 0,        -- 1 when a trigger or a schedule started it
    restarts      INTEGER NOT NULL DEFAULT 0,        -- how many runs in a row were started again after a crash
    created_at    INTEGER NOT NULL,
    started_at    INTEGER,
    finished_at   INTEGER,
    duration_ms   INTEGER,
    rows_written  INTEGER,
    error         TEXT,
    phase_profile TEXT                               -- JSON object: phase → milliseconds
) STRICT;

CREATE INDEX runs_by_pipeline ON runs (pipeline_id, created_at DESC, id);
CREATE INDEX runs_by_created  ON runs (created_at DESC, id);
CREATE INDEX runs_active      ON runs (seq) WHERE status IN ('pending', 'running');

CREATE TABLE run_logs (
    run_id   TEXT    NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    level    TEXT    NOT NULL,
    message  TEXT    NOT NULL,
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;
