-- Times are microseconds since the Unix epoch, UTC. Paths are below the lake's root, with forward slashes.

-- The pointers, in the layout of Iceberg's SQL catalog (JdbcCatalog, schema version V1): a commit swaps metadata_location.
CREATE TABLE iceberg_tables (
    catalog_name               TEXT NOT NULL,
    table_namespace            TEXT NOT NULL,       -- namespace.layer
    table_name                 TEXT NOT NULL,
    metadata_location          TEXT,
    previous_metadata_location TEXT,
    iceberg_type               TEXT,
    PRIMARY KEY (catalog_name, table_namespace, table_name)
) STRICT;

-- What the current metadata file of each table says.
CREATE TABLE lake_tables (
    key             INTEGER NOT NULL PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    namespace       TEXT    NOT NULL,
    layer           TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    location        TEXT    NOT NULL UNIQUE,
    root            TEXT    NOT NULL,               -- the lake's root as the live manifests name it
    snapshot_id     INTEGER NOT NULL,
    sequence_number INTEGER NOT NULL,
    schema_id       INTEGER NOT NULL,
    last_schema_id  INTEGER NOT NULL,
    last_column_id  INTEGER NOT NULL,
    row_count       INTEGER NOT NULL,
    size            INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    UNIQUE (namespace, layer, name)
) STRICT;

CREATE TABLE lake_schemas (
    table_key INTEGER NOT NULL REFERENCES lake_tables (key) ON DELETE CASCADE,
    id        INTEGER NOT NULL,
    json      TEXT    NOT NULL,
    PRIMARY KEY (table_key, id)
) STRICT, WITHOUT ROWID;

-- The retained snapshots.
CREATE TABLE lake_snapshots (
    table_key       INTEGER NOT NULL REFERENCES lake_tables (key) ON DELETE CASCADE,
    sequence_number INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    parent_id       INTEGER,
    schema_id       INTEGER NOT NULL,
    committed_at    INTEGER NOT NULL,
    manifest_list   TEXT    NOT NULL,
    summary         TEXT    NOT NULL,               -- JSON object of strings
    row_count       INTEGER NOT NULL,
    size            INTEGER NOT NULL,
    PRIMARY KEY (table_key, sequence_number),
    UNIQUE (table_key, id)
) STRICT, WITHOUT ROWID;

-- A file or manifest belongs to the snapshots from sequence number added up to, not including, removed: 2^63 - 1 while it is in the current one.
CREATE TABLE lake_files (
    key               INTEGER NOT NULL PRIMARY KEY, -- in the order in which they were written
    table_key         INTEGER NOT NULL REFERENCES lake_tables (key) ON DELETE CASCADE,
    added             INTEGER NOT NULL,
    removed           INTEGER NOT NULL DEFAULT 9223372036854775807,
    added_snapshot_id INTEGER NOT NULL,
    path              TEXT    NOT NULL,
    row_count         INTEGER NOT NULL,
    size              INTEGER NOT NULL,
    statistics        BLOB    NOT NULL              -- fields 108 to 128 of the manifest entry, Avro
) STRICT;

CREATE INDEX lake_files_by_snapshot ON lake_files (table_key, removed, added);

CREATE TABLE lake_manifests (
    table_key           INTEGER NOT NULL REFERENCES lake_tables (key) ON DELETE CASCADE,
    removed             INTEGER NOT NULL DEFAULT 9223372036854775807,
    added               INTEGER NOT NULL,
    min_sequence_number INTEGER NOT NULL,
    snapshot_id         INTEGER NOT NULL,
    path                TEXT    NOT NULL,
    length              INTEGER NOT NULL,
    added_files         INTEGER NOT NULL,
    added_rows          INTEGER NOT NULL,
    existing_files      INTEGER NOT NULL,
    existing_rows       INTEGER NOT NULL,
    deleted_files       INTEGER NOT NULL,
    deleted_rows        INTEGER NOT NULL,
    PRIMARY KEY (table_key, removed, added)
) STRICT, WITHOUT ROWID;

-- The current metadata file and those that its metadata-log names.
CREATE TABLE lake_metadata_files (
    table_key  INTEGER NOT NULL REFERENCES lake_tables (key) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    path       TEXT    NOT NULL,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (table_key, version)
) STRICT, WITHOUT ROWID;

-- Data files that no retained snapshot names any more. Statements that pinned one may still read them, so they are deleted later.
CREATE TABLE lake_expired_files (
    path       TEXT    NOT NULL PRIMARY KEY,
    expired_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX lake_expired_files_by_time ON lake_expired_files (expired_at);
