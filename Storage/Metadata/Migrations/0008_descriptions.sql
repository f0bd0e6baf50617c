-- Times are microseconds since the Unix epoch, UTC.

-- What people write about a table. It outlives the table: a pipeline that makes it anew has not changed what its columns mean.
CREATE TABLE table_descriptions (
    id                  TEXT    NOT NULL PRIMARY KEY,
    namespace           TEXT    NOT NULL,
    layer               TEXT    NOT NULL,
    name                TEXT    NOT NULL,
    description         TEXT    NOT NULL DEFAULT '',
    owner               TEXT,
    column_descriptions TEXT    NOT NULL DEFAULT '{}',  -- JSON object: column → text
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    UNIQUE (namespace, layer, name)
) STRICT;
