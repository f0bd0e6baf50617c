// Partition tuples against "Partitioning", "Partition Transforms" and "Manifests" (field 102) of the Iceberg specification.
import { compare, decodeBound, storedValue } from './bounds.mjs'

const dayMicros = 86400000000n
const hourMicros = 3600000000n

// A tuple as { field id: value }, values comparable.
export function tupleOf(manifest, dataFile) {
  return new Map(partitionFields(manifest.schema).map(field => [field['field-id'], plain(fromAvro(dataFile.partition[field.name], field.type))]))
}

export function specOf(metadata, id) {
  return metadata['partition-specs'].find(spec => spec['spec-id'] === Number(id))
}

export function sameTuple(one, other) {
  return one.size === other.size && [...one].every(([id, value]) => other.has(id) && same(value, other.get(id)))
}

// The struct of an entry's tuple has the fields of the spec, with the types of its transforms.
export function checkPartitionSchema(manifest, metadata, types, problem) {
  const spec = specOf(metadata, manifest.properties['partition-spec-id'])
  if (!spec) return problem('header: unknown spec')
  const header = JSON.parse(manifest.properties['partition-spec'])
  if (JSON.stringify(sorted(header)) !== JSON.stringify(sorted(spec.fields))) problem('header: partition-spec is not that of its id')
  const fields = new Map(partitionFields(manifest.schema).map(field => [field['field-id'], avroKind(field.type)]))
  if (fields.size !== spec.fields.length) problem(`partition has ${fields.size} fields, its spec ${spec.fields.length}`)
  for (const field of spec.fields) {
    const kind = kindOf(resultType(field.transform, types.get(field['source-id'])))
    if (!kind.includes(fields.get(field['field-id']))) problem(`partition ${field.name}: ${fields.get(field['field-id'])} is no ${kind}`)
  }
}

// Every row of a data file is in the file's partition.
export function checkRowsOfPartition(tuple, spec, columns, types, problem) {
  for (const field of spec.fields) {
    const type = types.get(field['source-id'])
    for (const stored of new Set(columns.get(field['source-id']) ?? [null])) {
      const value = stored === null || stored === undefined ? null : transformed(field.transform, storedValue(stored, type), type)
      if (!same(plain(value), tuple.get(field['field-id']))) return problem(`partition ${field.name} is ${tuple.get(field['field-id'])}, a row has ${value}`)
    }
  }
}

// Field 507 of a manifest list against the tuples of the manifest.
export function checkSummaries(file, tuples, metadata, types, problem) {
  const spec = specOf(metadata, file.partition_spec_id)
  if (!file.partitions || !spec) return
  if (file.partitions.length !== spec.fields.length) return problem('partitions has not the fields of the spec')
  for (const [index, field] of spec.fields.entries()) {
    const { contains_null: containsNull, lower_bound: lower, upper_bound: upper } = file.partitions[index]
    const values = tuples.map(tuple => tuple.get(field['field-id']))
    if (containsNull !== values.includes(null)) problem(`partitions: contains_null of ${field.name} is wrong`)
    const type = resultType(field.transform, types.get(field['source-id']))
    for (const [bound, direction] of [[lower, 1], [upper, -1]]) {
      if (bound === null) continue
      const limit = type === 'string' || type === 'binary' ? bound : decodeBound(bound, type)
      const isBeyond = values.some(value => value !== null && direction * compare(comparable(value, type), limit) < 0)
      if (limit === null || isBeyond) problem(`partitions: a bound of ${field.name} is wrong`)
    }
  }
}

function partitionFields(schema) {
  const dataFile = schema.fields.find(field => field.name === 'data_file').type
  return dataFile.fields.find(field => field.name === 'partition').type.fields
}

function resultType(transform, source) {
  return transform === 'identity' ? source : transform === 'day' ? 'date' : 'int'
}

function transformed(transform, value, type) {
  if (transform === 'identity') return value
  const days = type === 'date' ? value : floor(value, dayMicros)
  switch (transform) {
    case 'day': return days
    case 'hour': return floor(value, hourMicros)
    case 'year': return BigInt(new Date(Number(days) * 86400000).getUTCFullYear() - 1970)
    case 'month': {
      const date = new Date(Number(days) * 86400000)
      return BigInt((date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth())
    }
    default: throw new Error(`unknown transform ${transform}`)
  }
}

const floor = (value, unit) => value / unit - (value % unit < 0n ? 1n : 0n)

// A decimal is fixed: two's complement, big-endian.
function fromAvro(value, type) {
  const branch = Array.isArray(type) ? type.find(branch => branch !== 'null') : type
  return branch.logicalType === 'decimal' && value !== null ? BigInt.asIntN(value.length * 8, BigInt(`0x${value.toString('hex')}`)) : value
}

// One form for a value from Avro and from Parquet: text, or the bytes of text as text.
function plain(value) {
  if (value === null || value === undefined) return null
  if (Buffer.isBuffer(value)) return value.toString('latin1')
  if (typeof value === 'string') return Buffer.from(value).toString('latin1')
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
}

const same = (one, other) => one === other

// Back from the one form to what bounds are compared as.
function comparable(text, type) {
  if (type === 'string' || type === 'binary' || type === 'uuid') return Buffer.from(text, 'latin1')
  return type === 'float' || type === 'double' ? Number(text) : BigInt(text)
}

function avroKind(type) {
  const branch = Array.isArray(type) ? type.find(branch => branch !== 'null') : type
  return typeof branch === 'string' ? branch : branch.type
}

// What Avro may have for a type. A column that was widened leaves older manifests with the narrow type.
function kindOf(type) {
  switch (type) {
    case 'int': case 'date': return ['int']
    case 'long': return ['long', 'int']
    case 'time': case 'timestamp': case 'timestamptz': return ['long']
    case 'double': return ['double', 'float']
    case 'binary': return ['bytes']
    case 'uuid': return ['fixed']
    case 'boolean': case 'float': case 'string': return [type]
    default: return ['fixed', 'bytes']
  }
}

const sorted = fields => fields.map(field => [field['field-id'], field['source-id'], field.name, field.transform]).sort()
