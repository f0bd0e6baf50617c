// Usage: node read-table.mjs TABLE-FOLDER|METADATA-FILE
// Reads a table with icebird, an implementation of Iceberg that has nothing in common with rat's, and prints
// {"snapshotId", "schema", "rowCount", "rows"} as JSON (values: see values.mjs).
import { pathToFileURL } from 'node:url'
import path from 'node:path'
import { icebergMetadata, icebergRead } from 'icebird'
// Not the reader's own classes for dates and texts: they lose microseconds, and bytes that are no UTF-8.
import { DEFAULT_PARSERS } from './node_modules/icebird/node_modules/hyparquet/src/convert.js'
import { bytesToText, plainRow } from './values.mjs'
import { currentSchema, openTable, serveFiles } from './table.mjs'

Object.assign(DEFAULT_PARSERS, {
  timestampFromMicroseconds: micros => micros,
  dateFromDays: days => days,
  stringFromBytes: bytesToText,
})
serveFiles()

const where = process.argv[2]
const folder = where.endsWith('.json') ? path.dirname(path.dirname(openTable(where).metadataFile)) : path.resolve(where)
const tableUrl = pathToFileURL(folder).href
// By version-hint.text when only the folder is given.
const metadata = await icebergMetadata({ tableUrl, metadataFileName: where.endsWith('.json') ? path.basename(where) : undefined })
const { fields } = currentSchema(metadata)
const empty = metadata.snapshots.find(snapshot => snapshot['snapshot-id'] === metadata['current-snapshot-id']).summary['total-data-files'] === '0'
const rows = empty ? [] : await icebergRead({ tableUrl, metadata })
process.stdout.write(JSON.stringify({
  snapshotId: metadata['current-snapshot-id'],
  schema: fields,
  rowCount: rows.length,
  rows: rows.map(row => plainRow(row, fields)),
}))
