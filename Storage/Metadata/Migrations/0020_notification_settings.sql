-- Who is told of runs, as the API has set it: no row, and the server's own settings hold.
CREATE TABLE notification_settings (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    callback    TEXT,
    secret      TEXT,
    lineage     TEXT,
    lineage_key TEXT
) STRICT;
