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

-- What changed last, one row for each thing that ever did: whoever keeps an image of it in memory asks for what is newer than that. Rows
-- stay, so that seq only rises.
CREATE TABLE changes (
    kind TEXT    NOT NULL,  -- pipeline: its id; file: its key, of files of pipelines only; table: ns.layer.name; zone: its id
    key  TEXT    NOT NULL,
    seq  INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX changes_by_seq ON changes (seq);

CREATE TRIGGER changed_pipelines_added AFTER INSERT ON pipelines BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('pipeline', NEW.id, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_pipelines AFTER UPDATE OF type, deleted_at ON pipelines BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('pipeline', NEW.id, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_pipelines_removed AFTER DELETE ON pipelines BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('pipeline', OLD.id, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_runs_added AFTER INSERT ON runs BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('pipeline', NEW.pipeline_id, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_runs AFTER UPDATE OF status ON runs BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('pipeline', NEW.pipeline_id, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_runs_removed AFTER DELETE ON runs BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('pipeline', OLD.pipeline_id, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_lake_tables_added AFTER INSERT ON lake_tables BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('table', NEW.namespace || '.' || NEW.layer || '.' || NEW.name, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_lake_tables AFTER UPDATE OF row_count, size ON lake_tables BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('table', NEW.namespace || '.' || NEW.layer || '.' || NEW.name, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_lake_tables_removed AFTER DELETE ON lake_tables BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('table', OLD.namespace || '.' || OLD.layer || '.' || OLD.name, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_landing_zones_added AFTER INSERT ON landing_zones BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('zone', NEW.id, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_landing_zones_removed AFTER DELETE ON landing_zones BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('zone', OLD.id, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_landing_files_added AFTER INSERT ON landing_files BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('zone', NEW.zone_id, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_landing_files_removed AFTER DELETE ON landing_files BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('zone', OLD.zone_id, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_files_added AFTER INSERT ON files
WHEN instr(NEW.key, '/pipelines/') > 0 BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('file', NEW.key, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_files AFTER UPDATE OF is_head ON files
WHEN instr(NEW.key, '/pipelines/') > 0 BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('file', NEW.key, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER changed_files_removed AFTER DELETE ON files
WHEN instr(OLD.key, '/pipelines/') > 0 BEGIN
    INSERT INTO changes (kind, key, seq) VALUES ('file', OLD.key, (SELECT coalesce(max(seq), 0) + 1 FROM changes))
    ON CONFLICT (kind, key) DO UPDATE SET seq = excluded.seq;
END;
