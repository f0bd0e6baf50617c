-- Times are microseconds since the Unix epoch, UTC. One row: the system's settings, and what the last clean-up has done.
CREATE TABLE retention (
    id               INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    config           TEXT    NOT NULL,                  -- JSON object of the settings that differ from the defaults
    last_run_at      INTEGER,
    runs_pruned      INTEGER NOT NULL DEFAULT 0,
    logs_pruned      INTEGER NOT NULL DEFAULT 0,
    quality_pruned   INTEGER NOT NULL DEFAULT 0,
    pipelines_purged INTEGER NOT NULL DEFAULT 0,
    runs_failed      INTEGER NOT NULL DEFAULT 0,
    branches_cleaned INTEGER NOT NULL DEFAULT 0,
    lz_files_cleaned INTEGER NOT NULL DEFAULT 0,
    audit_pruned     INTEGER NOT NULL DEFAULT 0,
    updated_at       INTEGER NOT NULL
) STRICT;

INSERT INTO retention (id, config, updated_at) VALUES (1, '{}', CAST(unixepoch('subsec') * 1000000 AS INTEGER));

CREATE INDEX pipelines_deleted ON pipelines (deleted_at) WHERE deleted_at IS NOT NULL;

-- Folders of tables that were dropped and that statements may still read: removed once nothing holds them.
CREATE TABLE lake_dropped_tables (
    location TEXT NOT NULL PRIMARY KEY,
    id       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
