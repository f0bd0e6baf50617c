// Position deletes against "Position Delete Files", "Delete Formats" and "Scan Planning" of the Iceberg specification, v2.
import { decodeBound, storedColumns } from './bounds.mjs'
import { sequenceNumber } from './check-list.mjs'
import { localPath } from './table.mjs'

const filePathId = 2147483546
const posId = 2147483545
const checkedFiles = new Set()

// The live entries of one snapshot, { entry, file }.
export async function checkDeletes(live, problem) {
  const dataFiles = new Map(live.filter(({ entry }) => entry.data_file.content === 0).map(item => [item.entry.data_file.file_path, item]))
  const deleted = new Set()
  for (const { entry, file } of live.filter(({ entry }) => entry.data_file.content === 1)) {
    const data = entry.data_file
    const place = message => problem(`${data.file_path}: ${message}`)
    const target = textBounds(data)
    if (target === null) {
      place('its file_path bounds name no single file')
      continue
    }
    if (data.referenced_data_file !== target) place('referenced_data_file is not what the bounds name')
    if (deleted.has(target)) place(`${target} has two delete files`)
    deleted.add(target)
    const of = dataFiles.get(target)
    if (!of) {
      place(`deletes rows of ${target}, which is no live file`)
      continue
    }
    if (sequenceNumber(entry, file) < sequenceNumber(of.entry, of.file)) place('is older than its data file: it does not apply')
    if (file.partition_spec_id !== of.file.partition_spec_id) place('has another spec than its data file')
    if (JSON.stringify(data.partition) !== JSON.stringify(of.entry.data_file.partition)) place('has another partition tuple than its data file')
    if (!checkedFiles.has(data.file_path)) await checkRows(data, of.entry.data_file, place)
  }
}

// Both bounds of file_path, when they are the same.
function textBounds(data) {
  const [lower, upper] = ['lower_bounds', 'upper_bounds'].map(name => data[name]?.find(pair => pair.key === filePathId)?.value)
  return lower && upper && Buffer.compare(lower, upper) === 0 ? lower.toString('utf8') : null
}

async function checkRows(data, target, problem) {
  checkedFiles.add(data.file_path)
  const columns = await storedColumns(localPath(data.file_path))
  const [paths, positions] = [columns.get(filePathId), columns.get(posId)]
  if (!paths || !positions) return problem('has not the columns file_path and pos')
  if (positions.length !== data.record_count) problem('record_count is wrong')
  if (paths.some(path => Buffer.from(path).toString('utf8') !== target.file_path)) problem('a row names another file than its bounds')
  if (positions.some((position, index) => index > 0 && position <= positions[index - 1])) problem('its rows are not sorted by position')
  if (positions.some(position => position < 0n || position >= BigInt(target.record_count))) problem('a position is beyond the data file')
  for (const [name, expected] of [['lower_bounds', positions[0]], ['upper_bounds', positions.at(-1)]]) {
    const bound = data[name].find(pair => pair.key === posId)?.value
    if (bound && decodeBound(bound, 'long') !== BigInt(expected)) problem(`${name} of pos is wrong`)
  }
}
