// Bounds and values of columns as Parquet stores them, comparable (Iceberg specification, Appendix A "Parquet" and Appendix D).
import fs from 'node:fs'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const longestText = 16

// Null when the bytes are no value of the type.
export function decodeBound(bytes, type) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sized = (length, read) => bytes.length === length ? read() : null
  if (type.startsWith('decimal')) return shortestDecimal(bytes)
  switch (type) {
    case 'boolean': return sized(1, () => BigInt(bytes[0] !== 0))
    // A column that was widened keeps the bounds of its older files.
    case 'long': return bytes.length === 4 ? BigInt(view.getInt32(0, true)) : sized(8, () => view.getBigInt64(0, true))
    case 'int': case 'date': return sized(4, () => BigInt(view.getInt32(0, true)))
    case 'time': case 'timestamp': case 'timestamptz': return sized(8, () => view.getBigInt64(0, true))
    case 'float': return sized(4, () => noNan(view.getFloat32(0, true)))
    case 'double': return bytes.length === 4 ? noNan(view.getFloat32(0, true)) : sized(8, () => noNan(view.getFloat64(0, true)))
    case 'string': return [...bytes.toString('utf8')].length <= longestText && Buffer.from(bytes.toString('utf8')).equals(bytes) ? bytes : null
    case 'binary': return bytes.length <= longestText ? bytes : null
    case 'uuid': return sized(16, () => bytes)
    default: return null
  }
}

const noNan = number => Number.isNaN(number) ? null : number

function shortestDecimal(bytes) {
  if (bytes.length === 0 || bytes.length > 16) return null
  const repeatsSign = bytes.length > 1 && (bytes[0] === 0 && bytes[1] < 0x80 || bytes[0] === 0xff && bytes[1] >= 0x80)
  return repeatsSign ? null : bigEndian(bytes)
}

function bigEndian(bytes) {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
}

// Negative, zero or positive. -0.0 precedes 0.0 (Iceberg specification, "Column Metrics").
export function compare(one, other) {
  if (Buffer.isBuffer(one)) return Buffer.compare(one, other)
  if (typeof one === 'number' && one === 0 && other === 0) return Object.is(one, other) ? 0 : Object.is(one, -0) ? -1 : 1
  return one < other ? -1 : one > other ? 1 : 0
}

// The rows of a data file with values as they are stored, by field ids of top-level columns: { id: [values] }.
export async function storedColumns(file) {
  const content = fs.readFileSync(file)
  const buffer = content.buffer.slice(content.byteOffset, content.byteOffset + content.length)
  const metadata = parquetMetadata(buffer)
  const leaves = topLevelLeaves(metadata.schema)
  for (const element of metadata.schema) {
    if (element.num_children) continue
    delete element.converted_type
    delete element.logical_type
  }
  if (leaves.length === 0) return new Map()
  const rows = await parquetReadObjects({
    file: { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) },
    metadata,
    columns: leaves.map(leaf => leaf.name),
    compressors,
    utf8: false,
  })
  return new Map(leaves.map(leaf => [leaf.field_id, rows.map(row => row[leaf.name])]))
}

function topLevelLeaves(schema) {
  const leaves = []
  let next = 1
  const skip = () => {
    const element = schema[next++]
    for (let child = 0; child < (element.num_children ?? 0); child++) skip()
  }
  while (next < schema.length) {
    if (!schema[next].num_children) leaves.push(schema[next])
    skip()
  }
  return leaves
}

export function storedValue(value, type) {
  if (type.startsWith('decimal')) return value instanceof Uint8Array ? bigEndian(value) : BigInt(value)
  if (type === 'float' || type === 'double') return value
  if (value instanceof Uint8Array) return Buffer.from(value)
  return BigInt(value)
}
