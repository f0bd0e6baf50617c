-- Times are microseconds since the Unix epoch, UTC.

-- Entries are only ever removed from the oldest on: so seq has no gaps, counting is a subtraction, and a page is a range of seq.
CREATE TABLE audit_log (
    seq        INTEGER NOT NULL PRIMARY KEY,
    id         TEXT    NOT NULL,
    user_id    TEXT    NOT NULL,
    action     TEXT    NOT NULL CHECK (action IN ('post', 'put', 'delete')),
    resource   TEXT    NOT NULL,                        -- the request's path, without its query
    ip         TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
