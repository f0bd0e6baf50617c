-- Where a landing file goes that a run has read for good; NULL for all others. From the run's commit on no run reads the file again, whether it
-- was moved yet or not; once it was, this is NULL again and the key is the archive's.
ALTER TABLE files ADD COLUMN archive_key TEXT;

UPDATE files SET archive_key =
    (SELECT z.namespace || '/landing/' || z.name || '/_processed/' || l.consumed_by
            || substr(l.key, length(z.namespace || '/landing/' || z.name) + 1)
     FROM landing_files AS l JOIN landing_zones AS z ON z.id = l.zone_id
     WHERE l.key = files.key AND l.consumed_by IS NOT NULL)
WHERE is_head = 1 AND key IN (SELECT key FROM landing_files WHERE consumed_by IS NOT NULL);

ALTER TABLE landing_files DROP COLUMN consumed_by;

CREATE INDEX files_to_archive ON files (key) WHERE archive_key IS NOT NULL;
