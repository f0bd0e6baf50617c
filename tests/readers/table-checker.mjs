// Holds the versions of one table against the Iceberg specification, version 2, one after the other: what was decoded once isn't read again.
import fs from 'node:fs'
import { readAvro } from './avro-file.mjs'
import { checkEntry, checkManifestSchema } from './check-entry.mjs'
import { checkMetadata } from './check-metadata.mjs'
import { checkManifestFile, checkListSchema } from './check-list.mjs'
import { FieldHistory } from './field-history.mjs'
import { localPath } from './table.mjs'

export class TableChecker {
  counts = { snapshots: 0, manifests: 0, entries: 0, bounds: 0 }
  violations = []
  #decoded = new Map()
  #fields = new FieldHistory()

  checkMetadata(metadataFile, metadata) {
    checkMetadata(metadata, this.#report(metadataFile))
    this.#fields.check(metadata, this.#report(metadataFile))
  }

  // Returns the entries of its manifests, { entry, file: the manifest's line in the list }.
  async checkSnapshot(snapshot, metadata) {
    this.counts.snapshots++
    const problem = this.#report(`snapshot ${snapshot['snapshot-id']}`)
    const list = await readAvro(localPath(snapshot['manifest-list']))
    checkListSchema(list, problem)
    const entries = []
    for (const file of list.records) {
      const manifest = await this.#readManifest(file.manifest_path, metadata)
      checkManifestFile(file, manifest.records, snapshot, problem)
      for (const entry of manifest.records) {
        this.counts.entries++
        this.counts.bounds += await checkEntry(entry, file, metadata, problem)
        entries.push({ entry, file })
      }
    }

    checkTotals(snapshot, entries.filter(({ entry }) => entry.status !== 2).map(({ entry }) => entry.data_file), problem)
    return entries
  }

  #report(place) {
    return message => this.violations.push(`${place}: ${message}`)
  }

  async #readManifest(location, metadata) {
    if (!this.#decoded.has(location)) {
      const file = localPath(location)
      const manifest = { ...await readAvro(file), length: fs.statSync(file).size }
      this.counts.manifests++
      checkManifestSchema(manifest, metadata, this.#report(location))
      this.#decoded.set(location, manifest)
    }
    return this.#decoded.get(location)
  }
}

// "Scan Planning": a live path may appear only once. "Appendix F": totals.
function checkTotals(snapshot, live, problem) {
  if (new Set(live.map(file => file.file_path)).size !== live.length) problem('a live file is listed twice')
  const rows = live.reduce((sum, file) => sum + file.record_count, 0)
  const size = live.reduce((sum, file) => sum + file.file_size_in_bytes, 0)
  if (String(live.length) !== snapshot.summary['total-data-files']) problem(`total-data-files is not ${live.length}`)
  if (String(rows) !== snapshot.summary['total-records']) problem(`total-records is not ${rows}`)
  if (String(size) !== snapshot.summary['total-files-size']) problem(`total-files-size is not ${size}`)
}
