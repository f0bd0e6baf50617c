#!/usr/bin/env bash
# Fills a server of the state before merge strategies, archive and history (commit 7bb3e5a, migrations up to 0003). Its data directory, packed
# after the server has stopped, is schema-3.tar.gz:
#   tar -C DATA --exclude=./rat.lock --exclude=./tmp --sort=name --owner=0 --group=0 --numeric-owner -czf schema-3.tar.gz .
set -euo pipefail
server=${1:?URL of the server}
call() { curl -sSf -X "$1" "$server/api/v1/$2" -H 'Content-Type: application/json' ${3:+-d "$3"}; echo; }
pipeline() { # layer name sql [config]
  call POST pipelines "{\"namespace\":\"shop\",\"layer\":\"$1\",\"name\":\"$2\"}" >/dev/null 2>&1 || true
  call PUT "files/shop/pipelines/$1/$2/pipeline.sql" "$(jq -n --arg content "$3" '{content: $content}')" >/dev/null
  if [ -n "${4:-}" ]; then call PUT "files/shop/pipelines/$1/$2/config.yaml" "$(jq -n --arg content "$4" '{content: $content}')" >/dev/null; fi
}
run() { # layer name
  local id
  id=$(call POST runs "{\"namespace\":\"shop\",\"layer\":\"$1\",\"pipeline\":\"$2\"}" | jq -r .run_id)
  while [[ $(call GET "runs/$id" | jq -r .status) =~ pending|running ]]; do sleep 0.1; done
  echo "$2: $(call GET "runs/$id" | jq -c '[.status, .rows_written, .error]')"
}
upload() { curl -sSf "$server/api/v1/landing-zones/shop/$1/files" -F "file=@-;filename=$2" >/dev/null; }

call POST namespaces '{"name":"shop"}' >/dev/null
pipeline bronze orders "SELECT * FROM (VALUES (1, 'open', 10.00::DECIMAL(10,2), TIMESTAMP '2026-01-01 10:00:00'),
  (2, 'open', 20.50, TIMESTAMP '2026-01-02 11:00:00'), (3, 'paid', 5.25, TIMESTAMP '2026-01-02 12:00:00')) AS t(id, state, amount, placed)"
run bronze orders
pipeline bronze orders "SELECT * FROM (VALUES (1, 'paid', 10.00::DECIMAL(10,2), TIMESTAMP '2026-01-01 10:00:00'),
  (2, 'open', 20.50, TIMESTAMP '2026-01-02 11:00:00'), (3, 'paid', 5.25, TIMESTAMP '2026-01-02 12:00:00'),
  (4, 'open', NULL, NULL)) AS t(id, state, amount, placed)"
run bronze orders
pipeline bronze events "-- @merge_strategy: append_only
SELECT i AS id, 'event ' || i AS name, {'kind': i % 2, 'tags': [1, 2]} AS detail FROM range(1, 4) AS t(i)"
run bronze events
pipeline bronze events "-- @merge_strategy: append_only
SELECT i AS id, 'event ' || i AS name, {'kind': i % 2, 'tags': [3]} AS detail, DATE '2026-01-03' AS day FROM range(4, 6) AS t(i)"
run bronze events
# One table for each strategy that is continued later; this state knows full_refresh and append_only alone.
for name in incremental delete_insert scd2 snapshot; do
  pipeline silver "$name" "SELECT id, state, DATE '2026-01-01' AS day FROM {{ ref('bronze.orders') }} WHERE id <= 3"
  run silver "$name"
done
call POST landing-zones '{"namespace":"shop","name":"inbox"}' >/dev/null
printf 'id,name\n1,one\n2,two\n' | upload inbox first.csv
pipeline bronze inbox "-- @merge_strategy: append_only
-- @archive_landing_zones: true
SELECT * FROM read_csv('{{ landing_zone('inbox') }}', header = true)"
run bronze inbox
# Marked as read, not moved by that state. This one is not read yet:
printf 'id,name\n3,three\n' | upload inbox second.csv
pipeline bronze broken "SELECT no_such_column FROM {{ ref('bronze.orders') }}"
run bronze broken
