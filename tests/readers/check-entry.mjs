// Manifests against "Manifests", "Sequence Number Inheritance" and "Column Metrics" of the Iceberg specification, v2.
import fs from 'node:fs'
import { fieldIds } from './avro-file.mjs'
import { compare, decodeBound, storedColumns, storedValue } from './bounds.mjs'
import { contents, sequenceNumber } from './check-list.mjs'
import { checkPartitionSchema, checkRowsOfPartition, specOf } from './check-partitions.mjs'
import { localPath } from './table.mjs'

const ids = {
  status: 0, snapshot_id: 1, sequence_number: 3, file_sequence_number: 4, data_file: 2, 'data_file.content': 134, 'data_file.file_path': 100,
  'data_file.file_format': 101, 'data_file.partition': 102, 'data_file.record_count': 103, 'data_file.file_size_in_bytes': 104,
  'data_file.column_sizes': 108, 'data_file.value_counts': 109, 'data_file.null_value_counts': 110, 'data_file.nan_value_counts': 137,
  'data_file.lower_bounds': 125, 'data_file.upper_bounds': 128, 'data_file.column_sizes.key': 117, 'data_file.column_sizes.value': 118,
  'data_file.value_counts.key': 119, 'data_file.value_counts.value': 120, 'data_file.null_value_counts.key': 121,
  'data_file.null_value_counts.value': 122, 'data_file.nan_value_counts.key': 138, 'data_file.nan_value_counts.value': 139,
  'data_file.lower_bounds.key': 126, 'data_file.lower_bounds.value': 127, 'data_file.upper_bounds.key': 129, 'data_file.upper_bounds.value': 130,
}
const required = ['content', 'file_path', 'file_format', 'partition', 'record_count', 'file_size_in_bytes']
const headerKeys = ['schema', 'schema-id', 'partition-spec', 'partition-spec-id', 'format-version', 'content']
const checkedFiles = new Set()

export function checkManifestSchema(manifest, content, metadata, problem) {
  for (const key of headerKeys) if (manifest.properties[key] === undefined) problem(`header: ${key} is missing`)
  if (manifest.properties['format-version'] !== '2') problem('header: format-version is not 2')
  if (manifest.properties.content !== contents[content]) problem(`header: content is not ${contents[content]}`)
  const schemaId = JSON.parse(manifest.properties.schema)['schema-id']
  if (String(schemaId) !== manifest.properties['schema-id']) problem('header: schema-id is not its schema\'s')
  checkPartitionSchema(manifest, metadata, typesOf(metadata), problem)
  const found = fieldIds(manifest.schema)
  for (const [name, id] of Object.entries(ids)) if (found[name] !== id) problem(`${name} has not the id ${id}`)
}

// Returns how many bounds were held against the values of the file. `tuple` is its partition.
export async function checkEntry(entry, file, tuple, metadata, problem) {
  const data = entry.data_file
  const place = message => problem(`${data.file_path}: ${message}`)
  for (const name of required) if (data[name] === null || data[name] === undefined) place(`${name} is missing`)
  if (Math.min(data.content, 1) !== file.content) place(`content ${data.content} in a manifest of ${contents[file.content]}`)
  if (!/^parquet$/i.test(data.file_format)) place('file_format is not parquet')
  if (entry.status !== 1 && (entry.sequence_number === null || entry.file_sequence_number === null)) place('only added entries may inherit')
  if (entry.status !== 1 && entry.sequence_number > file.sequence_number) place('is newer than its manifest')
  if (entry.status !== 0 && entry.snapshot_id !== file.added_snapshot_id) place('was not added or removed by the snapshot of its manifest')
  if (sequenceNumber(entry, file) < 1) place('has no sequence number')
  if (entry.status === 2) return 0

  const path = localPath(data.file_path)
  if (!fs.existsSync(path)) return place('is not there') ?? 0
  if (fs.statSync(path).size !== data.file_size_in_bytes) return place('file_size_in_bytes is wrong') ?? 0
  if (data.content !== 0 || checkedFiles.has(path)) return 0
  checkedFiles.add(path)
  return checkMetrics(data, tuple, specOf(metadata, file.partition_spec_id), typesOf(metadata), place)
}

// { field id: type } of the leaves of all schemas, as the newest that has them says.
export function typesOf(metadata) {
  return new Map([...metadata.schemas].sort((one, other) => one['schema-id'] - other['schema-id']).flatMap(schema => [...leavesOf(schema)]))
}

async function checkMetrics(data, tuple, spec, types, problem) {
  const maps = Object.fromEntries(['column_sizes', 'value_counts', 'null_value_counts', 'nan_value_counts', 'lower_bounds', 'upper_bounds']
    .map(name => [name, new Map(data[name]?.map(pair => [pair.key, pair.value]))]))
  for (const [name, map] of Object.entries(maps)) {
    for (const id of map.keys()) if (!types.has(id)) problem(`${name} names ${id}, which is no column of any schema`)
  }

  const columns = await storedColumns(localPath(data.file_path))
  let checked = 0
  for (const [id, stored] of columns) {
    if (!types.has(id)) continue
    const nulls = stored.filter(value => value === undefined || value === null).length
    if (stored.length !== data.record_count) problem('record_count is wrong')
    if (maps.value_counts.get(id) !== stored.length) problem(`column ${id}: value_counts is not ${stored.length}`)
    if (maps.null_value_counts.get(id) !== nulls) problem(`column ${id}: null_value_counts is not ${nulls}`)
    checked += checkBounds(id, types.get(id), stored, maps, problem)
  }
  if (spec) checkRowsOfPartition(tuple, spec, columns, types, problem)
  return checked
}

function checkBounds(id, type, stored, maps, problem) {
  const values = stored.filter(value => value !== undefined && value !== null).map(value => storedValue(value, type))
  const nans = values.filter(Number.isNaN).length
  if (maps.nan_value_counts.has(id) && maps.nan_value_counts.get(id) !== nans) problem(`column ${id}: nan_value_counts is not ${nans}`)
  let checked = 0
  for (const [name, direction] of [['lower_bounds', 1], ['upper_bounds', -1]]) {
    if (!maps[name].has(id)) continue
    checked++
    const bound = decodeBound(Buffer.from(maps[name].get(id)), type)
    if (bound === null) problem(`column ${id}: ${name} holds no ${type}`)
    else if (values.some(value => !Number.isNaN(value) && direction * compare(value, bound) < 0)) problem(`column ${id}: a value is beyond ${name}`)
  }
  return checked
}

function * leavesOf(type, id) {
  if (type.type === 'struct') for (const field of type.fields) yield * leavesOf(field.type, field.id)
  else if (type.type === 'list') yield * leavesOf(type.element, type['element-id'])
  else if (type.type === 'map') {
    yield * leavesOf(type.key, type['key-id'])
    yield * leavesOf(type.value, type['value-id'])
  } else yield [id, type]
}
