// Usage: node check-manifests.mjs TABLE-FOLDER|METADATA-FILE [--current]
// Decodes every manifest list and manifest of every snapshot (--current: of the current one) with avsc and holds them against the Iceberg
// specification, version 2. Prints {"snapshots", "manifests", "entries", "bounds", "violations"}; exit code 1 when there are violations.
import fs from 'node:fs'
import { readAvro } from './avro-file.mjs'
import { checkEntry, checkManifestSchema } from './check-entry.mjs'
import { checkMetadata } from './check-metadata.mjs'
import { checkManifestFile, checkListSchema } from './check-list.mjs'
import { localPath, openTable } from './table.mjs'

const { metadataFile, metadata } = openTable(process.argv[2])
const violations = []
const counts = { snapshots: 0, manifests: 0, entries: 0, bounds: 0 }
const decoded = new Map()
const report = place => message => violations.push(`${place}: ${message}`)

checkMetadata(metadata, report(metadataFile))
const snapshots = process.argv.includes('--current')
  ? metadata.snapshots.filter(snapshot => snapshot['snapshot-id'] === metadata['current-snapshot-id'])
  : metadata.snapshots
for (const snapshot of snapshots) await checkSnapshot(snapshot)
console.log(JSON.stringify({ ...counts, violations }))
process.exitCode = violations.length === 0 ? 0 : 1

async function checkSnapshot(snapshot) {
  counts.snapshots++
  const problem = report(`snapshot ${snapshot['snapshot-id']}`)
  const list = await readAvro(localPath(snapshot['manifest-list']))
  checkListSchema(list, problem)
  const live = []
  for (const file of list.records) {
    const manifest = await readManifest(file.manifest_path)
    checkManifestFile(file, manifest.records, snapshot, problem)
    for (const entry of manifest.records) {
      counts.entries++
      counts.bounds += await checkEntry(entry, file, metadata, problem)
      if (entry.status !== 2) live.push(entry.data_file)
    }
  }

  // "Scan Planning": a live path may appear only once. "Appendix F": totals.
  if (new Set(live.map(file => file.file_path)).size !== live.length) problem('a live file is listed twice')
  const rows = live.reduce((sum, file) => sum + file.record_count, 0)
  const size = live.reduce((sum, file) => sum + file.file_size_in_bytes, 0)
  if (String(live.length) !== snapshot.summary['total-data-files']) problem(`total-data-files is not ${live.length}`)
  if (String(rows) !== snapshot.summary['total-records']) problem(`total-records is not ${rows}`)
  if (String(size) !== snapshot.summary['total-files-size']) problem(`total-files-size is not ${size}`)
}

async function readManifest(location) {
  if (!decoded.has(location)) {
    const file = localPath(location)
    const manifest = { ...await readAvro(file), length: fs.statSync(file).size }
    counts.manifests++
    checkManifestSchema(manifest, metadata, report(location))
    decoded.set(location, manifest)
  }
  return decoded.get(location)
}
