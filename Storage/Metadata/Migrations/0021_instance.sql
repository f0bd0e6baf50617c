-- Which data directory this is, and where it keeps its files: 'disk', or 's3://' and the bucket's name; NULL until it has been there once. One row,
-- from the first start on. A backup's epoch is begun here first: a bucket that has a later one has seen a later state of this database.
CREATE TABLE instance (
    id           TEXT    NOT NULL,
    storage      TEXT,
    backup_epoch INTEGER NOT NULL DEFAULT 0
) STRICT;
