-- Partition specs, position deletes, manifests of both, files that come back by a rollback, and who may still read an expired file.

CREATE TABLE lake_specs (
    table_key INTEGER NOT NULL REFERENCES lake_tables (key) ON DELETE CASCADE,
    id        INTEGER NOT NULL,
    json      TEXT    NOT NULL,
    PRIMARY KEY (table_key, id)
) STRICT, WITHOUT ROWID;

INSERT INTO lake_specs (table_key, id, json) SELECT key, 0, '{"spec-id":0,"fields":[]}' FROM lake_tables;

ALTER TABLE lake_tables    ADD COLUMN spec_id INTEGER NOT NULL DEFAULT 0;   -- of new files
ALTER TABLE lake_snapshots ADD COLUMN spec_id INTEGER NOT NULL DEFAULT 0;

ALTER TABLE lake_files ADD COLUMN since     INTEGER NOT NULL DEFAULT 0;     -- like added, but of the first time that the file was added
ALTER TABLE lake_files ADD COLUMN position  INTEGER NOT NULL DEFAULT 0;     -- rows are read in this order
ALTER TABLE lake_files ADD COLUMN spec_id   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lake_files ADD COLUMN partition BLOB;                           -- the tuple, Avro; NULL without partitions

UPDATE lake_files SET since = added, position = (added << 20) + place FROM (
    SELECT key AS ranked, row_number() OVER (PARTITION BY table_key, added ORDER BY key) - 1 AS place FROM lake_files
) WHERE key = ranked;

CREATE UNIQUE INDEX lake_files_live ON lake_files (path) WHERE removed = 9223372036854775807;

-- Position deletes. Those of one data file are one file; added and removed as for lake_files.
CREATE TABLE lake_deletes (
    key               INTEGER NOT NULL PRIMARY KEY,
    table_key         INTEGER NOT NULL REFERENCES lake_tables (key) ON DELETE CASCADE,
    file_key          INTEGER NOT NULL REFERENCES lake_files (key) ON DELETE CASCADE,
    added             INTEGER NOT NULL,
    removed           INTEGER NOT NULL DEFAULT 9223372036854775807,
    since             INTEGER NOT NULL,
    added_snapshot_id INTEGER NOT NULL,
    path              TEXT    NOT NULL,
    row_count         INTEGER NOT NULL,
    size              INTEGER NOT NULL,
    root              TEXT    NOT NULL,             -- the lake's root as the rows name their data file
    statistics        BLOB    NOT NULL
) STRICT;

CREATE INDEX lake_deletes_by_file ON lake_deletes (file_key, removed, added);
CREATE INDEX lake_deletes_by_snapshot ON lake_deletes (table_key, removed);
CREATE UNIQUE INDEX lake_deletes_live ON lake_deletes (path) WHERE removed = 9223372036854775807;

CREATE TABLE lake_manifests_new (
    key                 INTEGER NOT NULL PRIMARY KEY,
    table_key           INTEGER NOT NULL REFERENCES lake_tables (key) ON DELETE CASCADE,
    content             INTEGER NOT NULL,           -- 0 data, 1 deletes
    spec_id             INTEGER NOT NULL,
    added               INTEGER NOT NULL,
    removed             INTEGER NOT NULL DEFAULT 9223372036854775807,
    min_sequence_number INTEGER NOT NULL,
    max_sequence_number INTEGER NOT NULL,
    snapshot_id         INTEGER NOT NULL,
    path                TEXT    NOT NULL,
    length              INTEGER NOT NULL,
    added_files         INTEGER NOT NULL,
    added_rows          INTEGER NOT NULL,
    existing_files      INTEGER NOT NULL,
    existing_rows       INTEGER NOT NULL,
    deleted_files       INTEGER NOT NULL,
    deleted_rows        INTEGER NOT NULL,
    partitions          BLOB    NOT NULL            -- field 507 of the manifest list, Avro
) STRICT;

INSERT INTO lake_manifests_new (table_key, content, spec_id, added, removed, min_sequence_number, max_sequence_number, snapshot_id, path,
                                length, added_files, added_rows, existing_files, existing_rows, deleted_files, deleted_rows, partitions)
SELECT table_key, 0, 0, added, removed, min_sequence_number, added, snapshot_id, path,
       length, added_files, added_rows, existing_files, existing_rows, deleted_files, deleted_rows, x'00'
FROM lake_manifests ORDER BY table_key, added;

DROP TABLE lake_manifests;
ALTER TABLE lake_manifests_new RENAME TO lake_manifests;
CREATE INDEX lake_manifests_by_snapshot ON lake_manifests (table_key, removed);
CREATE UNIQUE INDEX lake_manifests_live ON lake_manifests (path) WHERE removed = 9223372036854775807;

-- What a file was part of before it expired; '' for files that expired in an earlier process, which nobody reads any more.
ALTER TABLE lake_expired_files ADD COLUMN table_id TEXT    NOT NULL DEFAULT '';
ALTER TABLE lake_expired_files ADD COLUMN since    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lake_expired_files ADD COLUMN removed  INTEGER NOT NULL DEFAULT 0
