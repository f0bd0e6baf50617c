// Table metadata against "Table Metadata Fields" (v2), "Snapshots" and "Sequence Numbers" of the Iceberg specification.
import fs from 'node:fs'
import path from 'node:path'
import { localPath } from './table.mjs'

const required = [
  'format-version', 'table-uuid', 'location', 'last-sequence-number', 'last-updated-ms', 'last-column-id', 'schemas', 'current-schema-id',
  'partition-specs', 'default-spec-id', 'last-partition-id', 'sort-orders', 'default-sort-order-id',
]
const requiredOfSnapshot = ['snapshot-id', 'sequence-number', 'timestamp-ms', 'manifest-list', 'summary']
const operations = ['append', 'replace', 'overwrite', 'delete']

export function checkMetadata(metadata, problem) {
  for (const field of required) if (metadata[field] === undefined) problem(`${field} is missing`)
  if (metadata['format-version'] !== 2) problem('format-version is not 2')
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(metadata['table-uuid'])) problem('table-uuid is no UUID')
  checkSchemas(metadata, problem)
  checkSnapshots(metadata, problem)
  checkLogs(metadata, problem)
}

function checkSchemas(metadata, problem) {
  const schemas = metadata.schemas
  if (new Set(schemas.map(schema => schema['schema-id'])).size !== schemas.length) problem('a schema-id is used twice')
  if (!schemas.some(schema => schema['schema-id'] === metadata['current-schema-id'])) problem('current-schema-id names no schema')
  for (const schema of schemas) {
    const ids = [...idsOf(schema)]
    if (new Set(ids).size !== ids.length) problem(`schema ${schema['schema-id']} uses a field id twice`)
    if (ids.some(id => id < 1 || id > metadata['last-column-id'])) problem(`schema ${schema['schema-id']} has an id beyond last-column-id`)
  }
}

function * idsOf(type) {
  if (type.type === 'struct') {
    for (const field of type.fields) {
      yield field.id
      yield * idsOf(field.type)
    }
  } else if (type.type === 'list') {
    yield type['element-id']
    yield * idsOf(type.element)
  } else if (type.type === 'map') {
    yield type['key-id']
    yield * idsOf(type.key)
    yield type['value-id']
    yield * idsOf(type.value)
  }
}

function checkSnapshots(metadata, problem) {
  const snapshots = metadata.snapshots
  const current = metadata['current-snapshot-id']
  if (metadata.refs?.main?.['snapshot-id'] !== current) problem('refs.main is not the current snapshot')
  if (new Set(snapshots.map(snapshot => snapshot['snapshot-id'])).size !== snapshots.length) problem('a snapshot-id is used twice')
  let before
  for (const snapshot of snapshots) {
    const id = snapshot['snapshot-id']
    for (const field of requiredOfSnapshot) if (snapshot[field] === undefined) problem(`snapshot ${id}: ${field} is missing`)
    if (!Number.isSafeInteger(id)) problem(`snapshot ${id}: the id is beyond 2^53 - 1`)
    if (!operations.includes(snapshot.summary.operation)) problem(`snapshot ${id}: unknown operation`)
    if (Object.values(snapshot.summary).some(value => typeof value !== 'string')) problem(`snapshot ${id}: summary holds more than texts`)
    if (before && snapshot['parent-snapshot-id'] !== before['snapshot-id']) problem(`snapshot ${id}: its parent is not the one before`)
    if (before && snapshot['sequence-number'] <= before['sequence-number']) problem(`snapshot ${id}: sequence numbers don't grow`)
    if (before && snapshot['timestamp-ms'] < before['timestamp-ms']) problem(`snapshot ${id}: is older than its parent`)
    if (!metadata.schemas.some(schema => schema['schema-id'] === snapshot['schema-id'])) problem(`snapshot ${id}: schema-id names no schema`)
    before = snapshot
  }
  if (before['snapshot-id'] !== current) problem('the newest snapshot is not the current one')
  if (before['sequence-number'] !== metadata['last-sequence-number']) problem('last-sequence-number is not the newest')
  if (before['timestamp-ms'] > metadata['last-updated-ms']) problem('last-updated-ms is before the newest snapshot')
}

function checkLogs(metadata, problem) {
  const logged = metadata['snapshot-log'].map(entry => entry['snapshot-id'])
  if (logged.at(-1) !== metadata['current-snapshot-id']) problem('snapshot-log does not end with the current snapshot')
  if (logged.some(id => !metadata.snapshots.some(snapshot => snapshot['snapshot-id'] === id))) problem('snapshot-log names an expired snapshot')
  if (metadata['metadata-log'].length > 20) problem('metadata-log is longer than 20')
  for (const entry of metadata['metadata-log']) {
    const file = localPath(entry['metadata-file'])
    if (!fs.existsSync(file) && !isOutdated(file)) problem(`metadata-log names ${entry['metadata-file']}, which isn't there`)
  }
}

// A commit that came after the one that is being looked at removes what only the older log still names.
function isOutdated(file) {
  const newest = Math.max(...fs.readdirSync(path.dirname(file)).map(versionOf))
  return versionOf(path.basename(file)) < newest - 20
}

function versionOf(name) {
  return Number(/^(\d+)-.*\.metadata\.json$/.exec(name)?.[1] ?? 0)
}
