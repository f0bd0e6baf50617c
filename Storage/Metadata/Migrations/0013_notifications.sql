-- Times are microseconds since the Unix epoch, UTC.

-- Who is to be told of runs; written at each start from the settings.
CREATE TABLE notification_targets (
    name TEXT NOT NULL PRIMARY KEY CHECK (name IN ('callback', 'lineage'))
) STRICT;

-- What has still to be told.
CREATE TABLE notification_outbox (
    id         INTEGER NOT NULL PRIMARY KEY,
    target     TEXT    NOT NULL,
    run_id     TEXT    NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    event      TEXT    NOT NULL CHECK (event IN ('running', 'success', 'failed', 'cancelled', 'recovered')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    due_at     INTEGER NOT NULL DEFAULT 0,              -- not to be sent before
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX notification_outbox_by_target ON notification_outbox (target, due_at, id);
CREATE INDEX notification_outbox_by_run    ON notification_outbox (run_id);

-- Part of whatever transaction changes a run's state, so that a crash neither loses nor invents a message.
CREATE TRIGGER runs_are_told_to_lineage AFTER UPDATE OF status ON runs
WHEN OLD.status <> NEW.status AND EXISTS (SELECT 1 FROM notification_targets WHERE name = 'lineage')
BEGIN
    INSERT INTO notification_outbox (target, run_id, event, created_at)
    VALUES ('lineage', NEW.id, NEW.status, coalesce(NEW.finished_at, NEW.started_at));
END;

CREATE TRIGGER runs_are_told_to_callback AFTER UPDATE OF status ON runs
WHEN NEW.status IN ('success', 'failed') AND OLD.status <> NEW.status AND EXISTS (SELECT 1 FROM notification_targets WHERE name = 'callback')
BEGIN
    INSERT INTO notification_outbox (target, run_id, event, created_at)
    SELECT 'callback', NEW.id, iif(NEW.status = 'failed', 'failed', 'recovered'), NEW.finished_at
    WHERE NEW.status = 'failed' OR 'failed' = (
        SELECT status FROM runs
        WHERE pipeline_id = NEW.pipeline_id AND id <> NEW.id AND status IN ('success', 'failed') ORDER BY created_at DESC, id LIMIT 1);
END;
