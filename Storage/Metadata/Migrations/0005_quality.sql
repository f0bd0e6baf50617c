-- Times are microseconds since the Unix epoch, UTC. The results of a run's quality tests, in the order in which they were executed.
CREATE TABLE quality_results (
    run_id       TEXT    NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    pipeline_id  TEXT    NOT NULL,
    finished_at  INTEGER NOT NULL,                   -- of all tests of the run: the same in each of its rows
    test_name    TEXT    NOT NULL,
    test_file    TEXT    NOT NULL,
    severity     TEXT    NOT NULL CHECK (severity IN ('error', 'warn')),
    status       TEXT    NOT NULL CHECK (status IN ('passed', 'failed', 'warned', 'error')),
    violations   INTEGER NOT NULL,
    message      TEXT    NOT NULL,
    duration_ms  INTEGER NOT NULL,
    description  TEXT    NOT NULL,
    tags         TEXT    NOT NULL,                   -- JSON array of texts
    remediation  TEXT    NOT NULL,
    compiled_sql TEXT    NOT NULL,
    sample_rows  TEXT    NOT NULL,
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX quality_results_by_pipeline ON quality_results (pipeline_id, finished_at DESC, run_id, status);
