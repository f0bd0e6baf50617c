// Usage: node check-manifests.mjs TABLE-FOLDER|METADATA-FILE [--current]
// Decodes every manifest list and manifest of every snapshot (--current: of the current one) with avsc and holds them against the Iceberg
// specification, version 2. Prints {"snapshots", "manifests", "entries", "bounds", "violations"}; exit code 1 when there are violations.
import { TableChecker } from './table-checker.mjs'
import { openTable } from './table.mjs'

const { metadataFile, metadata } = openTable(process.argv[2])
const checker = new TableChecker()
checker.checkMetadata(metadataFile, metadata)
const snapshots = process.argv.includes('--current')
  ? metadata.snapshots.filter(snapshot => snapshot['snapshot-id'] === metadata['current-snapshot-id'])
  : metadata.snapshots
for (const snapshot of snapshots) await checker.checkSnapshot(snapshot, metadata)
console.log(JSON.stringify({ ...checker.counts, violations: checker.violations }))
process.exitCode = checker.violations.length === 0 ? 0 : 1
