// Manifest lists against "Manifest Lists" of the Iceberg specification, v2.
import fs from 'node:fs'
import { fieldIds } from './avro-file.mjs'
import { localPath } from './table.mjs'

const ids = {
  manifest_path: 500, manifest_length: 501, partition_spec_id: 502, content: 517, sequence_number: 515, min_sequence_number: 516,
  added_snapshot_id: 503, added_files_count: 504, existing_files_count: 505, deleted_files_count: 506, added_rows_count: 512,
  existing_rows_count: 513, deleted_rows_count: 514,
}
export const contents = ['data', 'deletes']
const statuses = { existing: 0, added: 1, deleted: 2 }

export function checkListSchema(list, problem) {
  const found = fieldIds(list.schema)
  for (const [name, id] of Object.entries(ids)) if (found[name] !== id) problem(`manifest list: ${name} has not the id ${id}`)
}

export function checkManifestFile(file, entries, snapshot, problem) {
  const place = message => problem(`${file.manifest_path}: ${message}`)
  for (const name of Object.keys(ids)) if (file[name] === null || file[name] === undefined) place(`${name} is missing`)
  if (file.manifest_length !== fs.statSync(localPath(file.manifest_path)).size) place('manifest_length is wrong')
  if (contents[file.content] === undefined) place('unknown content')
  if (file.sequence_number > snapshot['sequence-number']) place('is newer than its snapshot')

  for (const [name, status] of Object.entries(statuses)) {
    const matching = entries.filter(entry => entry.status === status)
    const rows = matching.reduce((sum, entry) => sum + entry.data_file.record_count, 0)
    if (file[`${name}_files_count`] !== matching.length) place(`${name}_files_count is not ${matching.length}`)
    if (file[`${name}_rows_count`] !== rows) place(`${name}_rows_count is not ${rows}`)
  }

  // The smallest data sequence number of live files; an added file inherits the manifest's ("Sequence Number Inheritance").
  const live = entries.filter(entry => entry.status !== statuses.deleted).map(entry => sequenceNumber(entry, file))
  if (live.length > 0 && Math.min(...live) !== file.min_sequence_number) place('min_sequence_number is wrong')
}

export const sequenceNumber = (entry, file) => entry.sequence_number ?? file.sequence_number
