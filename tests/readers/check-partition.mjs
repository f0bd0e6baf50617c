// Partition tuples against "Partitioning" and "Partition Transforms", summaries against "Manifest Lists" of the Iceberg specification.
import { compare, decodeBound, storedValue } from './bounds.mjs'

const microsPerHour = 3600000000n
const hoursPerDay = 24n

// columns: the values of the data file as they are stored, by field id. The tuple must be what the spec makes of every row.
export function checkTuple(data, spec, schemas, columns, problem) {
  const names = Object.keys(data.partition)
  if (names.length !== spec.fields.length) return problem(`its tuple has ${names.length} fields, its spec ${spec.fields.length}`)
  for (const [index, field] of spec.fields.entries()) {
    const type = schemas.flatMap(schema => schema.fields).filter(column => column.id === field['source-id']).at(-1)?.type
    const stored = columns.get(field['source-id'])
    if (!stored || !type) continue
    const tuple = plain(data.partition[names[index]], field.transform === 'identity' ? type : 'int')
    for (const value of new Set(stored)) {
      const expected = value === null || value === undefined ? null : transform(storedValue(value, type), field.transform, type)
      if (!same(tuple, expected)) problem(`field ${field.name} of its tuple is ${tuple}, a row's is ${expected}`)
    }
  }
}

// The manifest's line in the list against its entries.
export function checkSummaries(file, entries, spec, schemas, problem) {
  if (spec.fields.length === 0) return
  if (file.partitions?.length !== spec.fields.length) return problem(`partitions has not ${spec.fields.length} summaries`)
  for (const [index, field] of spec.fields.entries()) {
    const type = resultType(field, schemas)
    const values = entries.map(entry => plain(Object.values(entry.data_file.partition)[index], type))
    const summary = file.partitions[index]
    if (summary.contains_nan !== values.some(Number.isNaN)) problem(`partitions: contains_nan of ${field.name} is wrong`)
    if (summary.contains_null !== values.includes(null)) problem(`partitions: contains_null of ${field.name} is wrong`)
    for (const [name, direction] of [['lower_bound', 1], ['upper_bound', -1]]) {
      const bytes = summary[name]
      const bound = bytes === null || type === 'string' || type === 'binary' ? bytes : decodeBound(bytes, type)
      const numbers = values.filter(value => value !== null && !Number.isNaN(value))
      if (bound === null && numbers.length > 0) problem(`partitions: ${name} of ${field.name} is missing`)
      if (bound !== null && numbers.some(value => direction * compare(value, bound) < 0)) problem(`partitions: ${name} of ${field.name} is wrong`)
    }
  }
}

function resultType(field, schemas) {
  if (field.transform !== 'identity') return 'int'
  return schemas.flatMap(schema => schema.fields).filter(column => column.id === field['source-id']).at(-1)?.type ?? 'int'
}

// A value as avsc gives it, in the form of decodeBound.
function plain(value, type) {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (typeof value === 'boolean') return BigInt(value)
  if (Buffer.isBuffer(value)) return type.startsWith('decimal') ? BigInt.asIntN(value.length * 8, BigInt(`0x${value.toString('hex')}`)) : value
  return type === 'float' || type === 'double' ? value : BigInt(value)
}

function transform(value, name, type) {
  if (name === 'identity') return value
  const hours = type === 'date' ? value * hoursPerDay : floorDivide(value, microsPerHour)
  if (name === 'hour') return hours
  const days = floorDivide(hours, hoursPerDay)
  if (name === 'day') return days
  const date = new Date(Number(days) * 86400000)
  const years = BigInt(date.getUTCFullYear() - 1970)
  return name === 'year' ? years : years * 12n + BigInt(date.getUTCMonth())
}

const floorDivide = (value, by) => value / by - (value % by < 0n ? 1n : 0n)

const same = (one, other) => one === null || other === null ? one === other : Number.isNaN(one) ? Number.isNaN(other) : compare(one, other) === 0
