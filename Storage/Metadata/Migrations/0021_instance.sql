-- Which data directory this is, and where it keeps its files. One row, from the first start on.
CREATE TABLE instance (
    id      TEXT NOT NULL,
    storage TEXT NOT NULL CHECK (storage IN ('disk', 's3'))
) STRICT;
