// Position-delete files against "Position Delete Files", "Scan Planning" and "Reserved Field IDs" of the Iceberg specification, v2.
import { storedColumns } from './bounds.mjs'
import { sequenceNumber } from './check-list.mjs'
import { sameTuple } from './check-partitions.mjs'
import { localPath } from './table.mjs'

const pathId = 2147483546
const positionId = 2147483545

export class DeletesChecker {
  #read = new Map()

  // `live` are the entries of one snapshot: { entry, file, tuple }.
  async check(live, problem) {
    const data = new Map(live.filter(({ entry }) => entry.data_file.content === 0).map(one => [one.entry.data_file.file_path, one]))
    const marked = new Set()
    for (const deletes of live.filter(({ entry }) => entry.data_file.content !== 0)) {
      const { file_path: path, record_count: rows } = deletes.entry.data_file
      const place = message => problem(`${path}: ${message}`)
      const target = await this.#targetOf(deletes.entry.data_file, place)
      const of = data.get(target.path)
      if (!of) {
        place(`marks rows of ${target.path}, which the snapshot does not have`)
        continue
      }
      if (marked.has(target.path)) place('is not the only one of its data file')
      marked.add(target.path)
      if (target.last >= of.entry.data_file.record_count) place(`marks row ${target.last} of ${of.entry.data_file.record_count}`)
      if (rows >= of.entry.data_file.record_count) place('marks all rows: the data file should have gone')
      if (sequenceNumber(of.entry, of.file) > sequenceNumber(deletes.entry, deletes.file)) place('is older than the data file that it marks')
      if (of.file.partition_spec_id !== deletes.file.partition_spec_id) place('has another spec than its data file')
      if (!sameTuple(of.tuple, deletes.tuple)) place('is in another partition than its data file')
    }
  }

  async #targetOf(deletes, problem) {
    if (!this.#read.has(deletes.file_path)) this.#read.set(deletes.file_path, await readDeletes(deletes, problem))
    return this.#read.get(deletes.file_path)
  }
}

async function readDeletes(deletes, problem) {
  if (deletes.content !== 1) problem('holds no position deletes')
  const columns = await storedColumns(localPath(deletes.file_path))
  const paths = (columns.get(pathId) ?? []).map(path => Buffer.from(path).toString('utf8'))
  const positions = (columns.get(positionId) ?? []).map(Number)
  if (paths.length !== deletes.record_count || positions.length !== deletes.record_count) problem('record_count is wrong, or a field id')
  if (new Set(paths).size !== 1) problem(`names ${new Set(paths).size} data files`)
  if (positions.some((position, index) => index > 0 && positions[index - 1] >= position)) problem('is not sorted by position, or marks a row twice')
  for (const [name, bounds] of [['lower_bounds', deletes.lower_bounds], ['upper_bounds', deletes.upper_bounds]]) {
    const bound = bounds?.find(pair => pair.key === pathId)?.value
    if (!bound || Buffer.from(bound).toString('utf8') !== paths[0]) problem(`${name} of file_path is not the whole path`)
    const position = bounds?.find(pair => pair.key === positionId)?.value
    const expected = name === 'lower_bounds' ? positions[0] : positions.at(-1)
    if (position && Number(Buffer.from(position).readBigInt64LE()) !== expected) problem(`${name} of pos is not ${expected}`)
  }
  return { path: paths[0], last: positions.at(-1) }
}
