-- Times are microseconds since the Unix epoch, UTC. What lists show and would otherwise count, sum or look up at each reading.

-- The newest run of each pipeline that has any: a page of pipelines shows fifty of them, lineage all.
CREATE TABLE last_runs (
    pipeline_id TEXT    NOT NULL PRIMARY KEY,
    run_id      TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    started_at  INTEGER,
    finished_at INTEGER,
    duration_ms INTEGER
) STRICT, WITHOUT ROWID;

INSERT INTO last_runs
SELECT r.pipeline_id, r.id, r.status, r.created_at, r.started_at, r.finished_at, r.duration_ms
FROM pipelines AS p JOIN runs AS r ON r.rowid = (SELECT rowid FROM runs WHERE pipeline_id = p.id ORDER BY created_at DESC, id LIMIT 1);

CREATE TRIGGER last_run_added AFTER INSERT ON runs BEGIN
    INSERT INTO last_runs VALUES (NEW.pipeline_id, NEW.id, NEW.status, NEW.created_at, NEW.started_at, NEW.finished_at, NEW.duration_ms)
    ON CONFLICT DO UPDATE
    SET run_id = excluded.run_id, status = excluded.status, created_at = excluded.created_at, started_at = excluded.started_at,
        finished_at = excluded.finished_at, duration_ms = excluded.duration_ms
    WHERE excluded.created_at > created_at OR (excluded.created_at = created_at AND excluded.run_id < run_id);
END;

CREATE TRIGGER last_run_changed AFTER UPDATE OF status, started_at, finished_at, duration_ms ON runs BEGIN
    UPDATE last_runs
    SET status = NEW.status, started_at = NEW.started_at, finished_at = NEW.finished_at, duration_ms = NEW.duration_ms
    WHERE pipeline_id = NEW.pipeline_id AND run_id = NEW.id;
END;

CREATE TRIGGER last_run_removed AFTER DELETE ON runs
WHEN EXISTS (SELECT 1 FROM last_runs WHERE pipeline_id = OLD.pipeline_id AND run_id = OLD.id) BEGIN
    DELETE FROM last_runs WHERE pipeline_id = OLD.pipeline_id;
    INSERT INTO last_runs
    SELECT pipeline_id, id, status, created_at, started_at, finished_at, duration_ms
    FROM runs WHERE pipeline_id = OLD.pipeline_id ORDER BY created_at DESC, id LIMIT 1;
END;

-- What lies in a zone.
ALTER TABLE landing_zones ADD COLUMN file_count  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE landing_zones ADD COLUMN total_bytes INTEGER NOT NULL DEFAULT 0;

UPDATE landing_zones SET file_count = files, total_bytes = bytes
FROM (SELECT zone_id, count(*) AS files, sum(size) AS bytes FROM landing_files GROUP BY zone_id) WHERE zone_id = id;

CREATE TRIGGER counted_landing_file_added AFTER INSERT ON landing_files BEGIN
    UPDATE landing_zones SET file_count = file_count + 1, total_bytes = total_bytes + NEW.size WHERE id = NEW.zone_id;
END;

CREATE TRIGGER counted_landing_file AFTER UPDATE OF zone_id, size ON landing_files BEGIN
    UPDATE landing_zones SET file_count = file_count - 1, total_bytes = total_bytes - OLD.size WHERE id = OLD.zone_id;
    UPDATE landing_zones SET file_count = file_count + 1, total_bytes = total_bytes + NEW.size WHERE id = NEW.zone_id;
END;

CREATE TRIGGER counted_landing_file_removed AFTER DELETE ON landing_files BEGIN
    UPDATE landing_zones SET file_count = file_count - 1, total_bytes = total_bytes - OLD.size WHERE id = OLD.zone_id;
END;

-- How long the lists are: namespaces, zones (key '' is all, else those of a namespace), schedules (of live pipelines).
CREATE TABLE list_counts (
    list  TEXT    NOT NULL,
    key   TEXT    NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (list, key)
) STRICT, WITHOUT ROWID;

INSERT INTO list_counts SELECT 'namespaces', '', count(*) FROM namespaces;
INSERT INTO list_counts SELECT 'zones', '', count(*) FROM landing_zones;
INSERT INTO list_counts SELECT 'zones', namespace, count(*) FROM landing_zones GROUP BY namespace;
INSERT INTO list_counts SELECT 'schedules', '', count(*) FROM schedules AS s JOIN pipelines AS p ON p.id = s.pipeline_id AND p.deleted_at IS NULL;

CREATE TRIGGER counted_namespace_added AFTER INSERT ON namespaces BEGIN
    UPDATE list_counts SET count = count + 1 WHERE list = 'namespaces' AND key = '';
END;

CREATE TRIGGER counted_namespace_removed AFTER DELETE ON namespaces BEGIN
    UPDATE list_counts SET count = count - 1 WHERE list = 'namespaces' AND key = '';
END;

CREATE TRIGGER counted_zone_added AFTER INSERT ON landing_zones BEGIN
    INSERT INTO list_counts VALUES ('zones', '', 1), ('zones', NEW.namespace, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER counted_zone_removed AFTER DELETE ON landing_zones BEGIN
    UPDATE list_counts SET count = count - 1 WHERE list = 'zones' AND key IN ('', OLD.namespace);
END;

CREATE TRIGGER counted_schedule_added AFTER INSERT ON schedules
WHEN EXISTS (SELECT 1 FROM pipelines WHERE id = NEW.pipeline_id AND deleted_at IS NULL) BEGIN
    UPDATE list_counts SET count = count + 1 WHERE list = 'schedules' AND key = '';
END;

-- Those that go with their pipeline are not among these: its row is gone before.
CREATE TRIGGER counted_schedule_removed AFTER DELETE ON schedules
WHEN EXISTS (SELECT 1 FROM pipelines WHERE id = OLD.pipeline_id AND deleted_at IS NULL) BEGIN
    UPDATE list_counts SET count = count - 1 WHERE list = 'schedules' AND key = '';
END;

CREATE TRIGGER counted_schedules_of_pipeline AFTER UPDATE OF deleted_at ON pipelines WHEN (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) BEGIN
    UPDATE list_counts SET count = count + iif(NEW.deleted_at IS NULL, 1, -1) * (SELECT count(*) FROM schedules WHERE pipeline_id = NEW.id)
    WHERE list = 'schedules' AND key = '';
END;

CREATE TRIGGER counted_schedules_of_removed BEFORE DELETE ON pipelines WHEN OLD.deleted_at IS NULL BEGIN
    UPDATE list_counts SET count = count - (SELECT count(*) FROM schedules WHERE pipeline_id = OLD.id) WHERE list = 'schedules' AND key = '';
END;

-- A page in the order of the list.
CREATE INDEX namespaces_by_created             ON namespaces (created_at, name);
CREATE INDEX landing_zones_by_created          ON landing_zones (created_at DESC, id);
CREATE INDEX landing_zones_by_namespace        ON landing_zones (namespace, created_at DESC, id);
CREATE INDEX pipelines_by_name_alone           ON pipelines (name, id)                               WHERE deleted_at IS NULL;
CREATE INDEX pipelines_by_updated              ON pipelines (updated_at DESC, id)                    WHERE deleted_at IS NULL;
CREATE INDEX pipelines_by_namespace            ON pipelines (namespace, created_at DESC, id)         WHERE deleted_at IS NULL;
CREATE INDEX pipelines_by_namespace_and_layer  ON pipelines (namespace, layer, created_at DESC, id)  WHERE deleted_at IS NULL;
CREATE INDEX pipelines_by_layer                ON pipelines (layer, created_at DESC, id)             WHERE deleted_at IS NULL;

-- The quality tests of drafts.
CREATE INDEX files_tests ON files (key) WHERE is_head = 1 AND instr(key, '/tests/quality/') > 0;

-- What a version of a pipeline's source refers to, as lineage has found it there: it is read once. Rows go with their version.
CREATE TABLE source_refs (
    version_id TEXT NOT NULL PRIMARY KEY REFERENCES files (version_id) ON DELETE CASCADE,
    refs       TEXT NOT NULL,                           -- JSON array of texts, as they stand in the source
    zones      TEXT NOT NULL                            -- the same of landing zones
) STRICT, WITHOUT ROWID;
