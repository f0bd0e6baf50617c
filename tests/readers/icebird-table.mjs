// A table as icebird reads it, an implementation of Iceberg that has nothing in common with rat's.
import { register } from 'node:module'
// Not the reader's own classes for dates and texts: they lose microseconds, and bytes that are no UTF-8.
import { DEFAULT_PARSERS } from './node_modules/icebird/node_modules/hyparquet/src/convert.js'
import { currentSchema, serveFiles } from './table.mjs'
import { bytesToText, plainRow } from './values.mjs'

register('./icebird-hooks.mjs', import.meta.url)
const { icebergRead } = await import('icebird')
Object.assign(DEFAULT_PARSERS, {
  timestampFromMicroseconds: micros => micros,
  dateFromDays: days => days,
  stringFromBytes: bytesToText,
})
serveFiles()

// { snapshotId, schema, rowCount, rows } of the metadata's current snapshot (values: see values.mjs).
export async function readTable(tableUrl, metadata) {
  const { fields } = currentSchema(metadata)
  const snapshotId = metadata['current-snapshot-id']
  const empty = metadata.snapshots.find(snapshot => snapshot['snapshot-id'] === snapshotId).summary['total-data-files'] === '0'
  const rows = empty ? [] : await icebergRead({ tableUrl, metadata })
  return { snapshotId, schema: fields, rowCount: rows.length, rows: rows.map(row => plainRow(row, fields)) }
}

// The metadata as it would be if an older snapshot were the current one, with the schema of its time.
export function asOf(metadata, snapshot) {
  return { ...metadata, 'current-snapshot-id': snapshot['snapshot-id'], 'current-schema-id': snapshot['schema-id'] }
}
