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

-- How many runs there are, so that a list of them can say it without counting: kept by the triggers below, with each change of a run.
CREATE TABLE run_counts (
    namespace TEXT    NOT NULL,
    layer     TEXT    NOT NULL,
    pipeline  TEXT    NOT NULL,
    status    TEXT    NOT NULL,
    count     INTEGER NOT NULL,
    PRIMARY KEY (namespace, layer, pipeline, status)
) STRICT, WITHOUT ROWID;

-- The same of all pipelines together.
CREATE TABLE run_totals (
    status TEXT    NOT NULL PRIMARY KEY,
    count  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO run_counts SELECT namespace, layer, pipeline, status, count(*) FROM runs GROUP BY 1, 2, 3, 4;
INSERT INTO run_totals SELECT status, count(*) FROM runs GROUP BY 1;

CREATE TRIGGER counted_run_added AFTER INSERT ON runs BEGIN
    INSERT INTO run_counts VALUES (NEW.namespace, NEW.layer, NEW.pipeline, NEW.status, 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
    INSERT INTO run_totals VALUES (NEW.status, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER counted_run AFTER UPDATE OF status ON runs WHEN NEW.status <> OLD.status BEGIN
    UPDATE run_counts SET count = count - 1
    WHERE namespace = OLD.namespace AND layer = OLD.layer AND pipeline = OLD.pipeline AND status = OLD.status;
    INSERT INTO run_counts VALUES (NEW.namespace, NEW.layer, NEW.pipeline, NEW.status, 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
    UPDATE run_totals SET count = count - 1 WHERE status = OLD.status;
    INSERT INTO run_totals VALUES (NEW.status, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER counted_run_removed AFTER DELETE ON runs BEGIN
    UPDATE run_counts SET count = count - 1
    WHERE namespace = OLD.namespace AND layer = OLD.layer AND pipeline = OLD.pipeline AND status = OLD.status;
    UPDATE run_totals SET count = count - 1 WHERE status = OLD.status;
END;

-- A page of the runs of one namespace, one pipeline or one status, in the order of the list.
CREATE INDEX runs_by_namespace ON runs (namespace, created_at DESC, id);
CREATE INDEX runs_by_name      ON runs (namespace, layer, pipeline, created_at DESC, id);
CREATE INDEX runs_by_status    ON runs (status, created_at DESC, id);

-- The same of live pipelines.
CREATE TABLE pipeline_counts (
    namespace TEXT    NOT NULL,
    layer     TEXT    NOT NULL,
    count     INTEGER NOT NULL,
    PRIMARY KEY (namespace, layer)
) STRICT, WITHOUT ROWID;

INSERT INTO pipeline_counts SELECT namespace, layer, count(*) FROM pipelines WHERE deleted_at IS NULL GROUP BY 1, 2;

CREATE TRIGGER counted_pipeline_added AFTER INSERT ON pipelines WHEN NEW.deleted_at IS NULL BEGIN
    INSERT INTO pipeline_counts VALUES (NEW.namespace, NEW.layer, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER counted_pipeline AFTER UPDATE OF deleted_at ON pipelines WHEN (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) BEGIN
    UPDATE pipeline_counts SET count = count + iif(NEW.deleted_at IS NULL, 1, -1) WHERE namespace = NEW.namespace AND layer = NEW.layer;
END;

CREATE TRIGGER counted_pipeline_removed AFTER DELETE ON pipelines WHEN OLD.deleted_at IS NULL BEGIN
    UPDATE pipeline_counts SET count = count - 1 WHERE namespace = OLD.namespace AND layer = OLD.layer;
END;
