// Usage: node read-versions.mjs
// Follows tables from version to version. Each line of the input is a request {"table": any name, "metadata": METADATA-FILE}; each gets a line
// {"snapshots", "violations", "counts"} about the snapshots of that metadata file that no request for this table has met before, the oldest
// first: {"id", "parent", "schemaId", "summary", "addedDataRows", "removedDataFiles", "addedDeleteFiles", "schema", "rowCount", "rows": arrays
// of values in the schema's order}. The counts are those of the table so far. What goes wrong is {"error"}. {"forget": name} drops a table.
import fs from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'
import { pathToFileURL } from 'node:url'
import { asOf, readTable } from './icebird-table.mjs'
import { TableChecker } from './table-checker.mjs'

const tables = new Map()
for await (const line of readline.createInterface({ input: process.stdin })) {
  const answer = await answerTo(JSON.parse(line)).catch(error => ({ error: String(error.stack ?? error) }))
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

async function answerTo(request) {
  if (request.forget) return { forgotten: tables.delete(request.forget) }
  if (!tables.has(request.table)) tables.set(request.table, { checker: new TableChecker(), met: new Set() })
  const { checker, met } = tables.get(request.table)
  const metadata = JSON.parse(fs.readFileSync(request.metadata, 'utf8'))
  checker.checkMetadata(request.metadata, metadata)
  const snapshots = []
  for (const snapshot of metadata.snapshots) {
    if (met.has(snapshot['snapshot-id'])) continue
    met.add(snapshot['snapshot-id'])
    snapshots.push(await read(snapshot, metadata, request.metadata, checker))
  }
  return { snapshots, counts: checker.counts, violations: checker.violations.splice(0) }
}

async function read(snapshot, metadata, metadataFile, checker) {
  const id = snapshot['snapshot-id']
  const entries = await checker.checkSnapshot(snapshot, metadata)
  const own = entries.filter(({ entry }) => entry.snapshot_id === id).map(({ entry }) => entry)
  const added = own.filter(entry => entry.status === 1)
  const tableUrl = pathToFileURL(path.dirname(path.dirname(metadataFile))).href
  const { schema, rowCount, rows } = await readTable(tableUrl, asOf(metadata, snapshot))
  return {
    id,
    parent: snapshot['parent-snapshot-id'] ?? null,
    schemaId: snapshot['schema-id'],
    summary: snapshot.summary,
    addedDataRows: added.filter(entry => entry.data_file.content === 0).reduce((sum, entry) => sum + entry.data_file.record_count, 0),
    removedDataFiles: own.filter(entry => entry.status === 2 && entry.data_file.content === 0).length,
    addedDeleteFiles: added.filter(entry => entry.data_file.content === 1).length,
    schema,
    rowCount,
    rows: rows.map(row => schema.map(field => row[field.name])),
  }
}
