-- Times are microseconds since the Unix epoch, UTC. Ids are lower-case UUIDs.
CREATE TABLE namespaces (
    name        TEXT    NOT NULL PRIMARY KEY,
    description TEXT    NOT NULL DEFAULT '',
    created_by  TEXT,
    created_at  INTEGER NOT NULL
) STRICT;

INSERT INTO namespaces (name, created_at) VALUES ('default', CAST(unixepoch('subsec') * 1000000 AS INTEGER));

CREATE TABLE pipelines (
    id                 TEXT    NOT NULL PRIMARY KEY,
    namespace          TEXT    NOT NULL REFERENCES namespaces (name),
    layer              TEXT    NOT NULL CHECK (layer IN ('bronze', 'silver', 'gold')),
    name               TEXT    NOT NULL,
    type               TEXT    NOT NULL CHECK (type IN ('sql', 'python')),
    description        TEXT    NOT NULL DEFAULT '',
    owner              TEXT,
    published_at       INTEGER,
    published_versions TEXT    NOT NULL DEFAULT '{}',   -- JSON object: key → version id
    draft_dirty        INTEGER NOT NULL DEFAULT 0,
    max_versions       INTEGER NOT NULL DEFAULT 50,
    retention_config   TEXT,                            -- JSON object, NULL without overrides
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    deleted_at         INTEGER
) STRICT;

-- A deleted name can be used again at once.
CREATE UNIQUE INDEX pipelines_by_name    ON pipelines (namespace, layer, name) WHERE deleted_at IS NULL;
CREATE INDEX        pipelines_by_created ON pipelines (created_at DESC, id)    WHERE deleted_at IS NULL;

-- Every file that was ever written, by version. The bytes lie in the object store under object_key.
CREATE TABLE files (
    version_id   TEXT    NOT NULL PRIMARY KEY,
    key          TEXT    NOT NULL,
    object_key   TEXT    NOT NULL,
    size         INTEGER NOT NULL,
    content_type TEXT    NOT NULL,
    modified_at  INTEGER NOT NULL,
    is_head      INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE UNIQUE INDEX files_head   ON files (key) WHERE is_head = 1;
CREATE INDEX        files_by_key ON files (key);

CREATE TABLE landing_zones (
    id                     TEXT    NOT NULL PRIMARY KEY,
    namespace              TEXT    NOT NULL REFERENCES namespaces (name),
    name                   TEXT    NOT NULL,
    description            TEXT    NOT NULL DEFAULT '',
    owner                  TEXT,
    expected_schema        TEXT    NOT NULL DEFAULT '',
    processed_max_age_days INTEGER,
    auto_purge             INTEGER NOT NULL DEFAULT 0,
    created_at             INTEGER NOT NULL,
    updated_at             INTEGER NOT NULL,
    UNIQUE (namespace, name)
) STRICT;

CREATE TABLE landing_files (
    id           TEXT    NOT NULL PRIMARY KEY,
    zone_id      TEXT    NOT NULL REFERENCES landing_zones (id) ON DELETE CASCADE,
    filename     TEXT    NOT NULL,
    key          TEXT    NOT NULL UNIQUE,
    size         INTEGER NOT NULL,
    content_type TEXT    NOT NULL,
    uploaded_by  TEXT,
    uploaded_at  INTEGER NOT NULL,
    consumed_by  TEXT                                   -- the run that read it for good; never read again
) STRICT;

CREATE INDEX landing_files_by_zone ON landing_files (zone_id, uploaded_at DESC, id);
