// Holds the versions of one table against the Iceberg specification, version 2, one after the other: what was decoded once isn't read again.
import fs from 'node:fs'
import { readAvro } from './avro-file.mjs'
import { DeletesChecker } from './check-deletes.mjs'
import { checkEntry, checkManifestSchema, typesOf } from './check-entry.mjs'
import { checkManifestFile, checkListSchema } from './check-list.mjs'
import { checkMetadata } from './check-metadata.mjs'
import { checkSummaries, tupleOf } from './check-partitions.mjs'
import { FieldHistory } from './field-history.mjs'
import { FileHistory } from './file-history.mjs'
import { localPath } from './table.mjs'

export class TableChecker {
  counts = { snapshots: 0, manifests: 0, entries: 0, bounds: 0 }
  violations = []
  #decoded = new Map()
  #fields = new FieldHistory()
  #files = new FileHistory()
  #deletes = new DeletesChecker()

  checkMetadata(metadataFile, metadata) {
    checkMetadata(metadata, this.#report(metadataFile))
    this.#fields.check(metadata, this.#report(metadataFile))
  }

  // Returns the entries of its manifests, { entry, file: the manifest's line in the list, tuple }.
  async checkSnapshot(snapshot, metadata) {
    this.counts.snapshots++
    const problem = this.#report(`snapshot ${snapshot['snapshot-id']}`)
    const list = await readAvro(localPath(snapshot['manifest-list']))
    checkListSchema(list, problem)
    const all = []
    for (const file of list.records) {
      const manifest = await this.#readManifest(file, metadata)
      checkManifestFile(file, manifest.records, snapshot, problem)
      const entries = manifest.records.map(entry => ({ entry, file, tuple: tupleOf(manifest, entry.data_file) }))
      checkSummaries(file, entries.map(({ tuple }) => tuple), metadata, typesOf(metadata), problem)
      for (const { entry, tuple } of entries) {
        this.counts.entries++
        this.counts.bounds += await checkEntry(entry, file, tuple, metadata, problem)
        this.#files.check(entry, file, problem)
      }
      all.push(...entries)
    }

    const live = all.filter(({ entry }) => entry.status !== 2)
    await this.#deletes.check(live, problem)
    checkTotals(snapshot, live.map(({ entry }) => entry.data_file), problem)
    return all
  }

  #report(place) {
    return message => this.violations.push(`${place}: ${message}`)
  }

  async #readManifest({ manifest_path: location, content }, metadata) {
    if (!this.#decoded.has(location)) {
      const file = localPath(location)
      const manifest = { ...await readAvro(file), length: fs.statSync(file).size }
      this.counts.manifests++
      checkManifestSchema(manifest, content, metadata, this.#report(location))
      this.#decoded.set(location, manifest)
    }
    return this.#decoded.get(location)
  }
}

// "Scan Planning": a live path may appear only once. "Appendix F": totals.
function checkTotals(snapshot, live, problem) {
  if (new Set(live.map(file => file.file_path)).size !== live.length) problem('a live file is listed twice')
  const [data, deletes] = [live.filter(file => file.content === 0), live.filter(file => file.content !== 0)]
  const sum = (files, field) => files.reduce((total, file) => total + file[field], 0)
  const totals = {
    'total-data-files': data.length,
    'total-records': sum(data, 'record_count'),
    'total-files-size': sum(live, 'file_size_in_bytes'),
    'total-delete-files': deletes.length,
    'total-position-deletes': sum(deletes, 'record_count'),
  }
  // A table without deletes need not say so.
  for (const [name, total] of Object.entries(totals)) if ((snapshot.summary[name] ?? '0') !== String(total)) problem(`${name} is not ${total}`)
}
