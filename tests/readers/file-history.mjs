// What every manifest must go on saying of a file ("Manifests" and "Sequence Number Inheritance" of the Iceberg specification): the sequence
// numbers and the snapshot with which it was added. Only added entries inherit them; existing and deleted ones carry their own.
import { sequenceNumber } from './check-list.mjs'

export class FileHistory {
  #added = new Map()

  // Snapshots are met from the oldest on.
  check(entry, file, problem) {
    const path = entry.data_file.file_path
    const own = {
      data: sequenceNumber(entry, file),
      file: entry.file_sequence_number ?? file.sequence_number,
      snapshot: entry.status === 1 ? entry.snapshot_id ?? file.added_snapshot_id : null,
      rows: entry.data_file.record_count,
      spec: file.partition_spec_id,
    }
    const times = this.#added.get(path) ?? []
    // A file that a snapshot has removed may be added once more: a rollback brings it back. Manifests from before then go on saying that this
    // snapshot deleted it, with the numbers that it had.
    const known = (entry.status === 2 && times.find(time => time.removedBy === entry.snapshot_id)) || times.at(-1)
    if (known?.removedBy !== undefined && entry.status === 1 && own.data > known.data) {
      times.push(own)
      return
    }
    if (!known) {
      // The first look may come late, when older snapshots have expired.
      if (entry.status === 1) this.#added.set(path, [own])
      return
    }
    if (entry.status === 2) known.removedBy = entry.snapshot_id
    for (const name of ['data', 'file']) if (known[name] !== own[name]) problem(`${path}: ${name} sequence number is ${own[name]}, was ${known[name]}`)
    for (const name of ['rows', 'spec']) if (known[name] !== own[name]) problem(`${path}: ${name} is ${own[name]}, was ${known[name]}`)
    if (entry.status === 1 && known.snapshot !== own.snapshot) problem(`${path}: is added by ${own.snapshot}, was added by ${known.snapshot}`)
    if (entry.status === 0 && entry.snapshot_id !== known.snapshot) problem(`${path}: exists by ${entry.snapshot_id}, was added by ${known.snapshot}`)
  }
}
