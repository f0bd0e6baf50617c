-- Which data directory this is, and where it keeps its files: 'disk', or 's3://' and the bucket's name; NULL until it has been there once. One row,
-- from the first start on.
CREATE TABLE instance (
    id      TEXT NOT NULL,
    storage TEXT
) STRICT;
