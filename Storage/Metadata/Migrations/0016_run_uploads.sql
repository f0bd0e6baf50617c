-- The upload that has started a run, and whether a run of the same pipeline has read it for good since: then nothing may be left for this one.
CREATE TABLE run_uploads (
    run_id     TEXT    NOT NULL PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    version_id TEXT    NOT NULL,
    is_read    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX run_uploads_to_read ON run_uploads (version_id) WHERE is_read = 0;
