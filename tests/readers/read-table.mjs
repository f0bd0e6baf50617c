// Usage: node read-table.mjs TABLE-FOLDER|METADATA-FILE
// Reads a table with icebird and prints {"snapshotId", "schema", "rowCount", "rows"} as JSON (values: see values.mjs).
import { pathToFileURL } from 'node:url'
import path from 'node:path'
import { readTable } from './icebird-table.mjs'
import { openTable } from './table.mjs'

const { icebergMetadata } = await import('icebird')
const where = process.argv[2]
const folder = where.endsWith('.json') ? path.dirname(path.dirname(openTable(where).metadataFile)) : path.resolve(where)
const tableUrl = pathToFileURL(folder).href
// By version-hint.text when only the folder is given.
const metadata = await icebergMetadata({ tableUrl, metadataFileName: where.endsWith('.json') ? path.basename(where) : undefined })
process.stdout.write(JSON.stringify(await readTable(tableUrl, metadata)))
