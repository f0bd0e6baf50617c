-- Times are microseconds since the Unix epoch, UTC. The newest version of a pipeline says what its publication pins.
CREATE TABLE pipeline_versions (
    id                 TEXT    NOT NULL PRIMARY KEY,
    pipeline_id        TEXT    NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
    number             INTEGER NOT NULL,             -- from 1; never used again, since the newest is never removed
    message            TEXT    NOT NULL,
    published_versions TEXT    NOT NULL,             -- JSON object: key → version id
    created_at         INTEGER NOT NULL,
    UNIQUE (pipeline_id, number)
) STRICT;
