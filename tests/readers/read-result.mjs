// Usage: node read-result.mjs arrow|parquet FILE
// Reads a query's result with apache-arrow or hyparquet and prints {"columns": [{"name", "type"}], "batches", "rows"} as JSON. 64-bit integers,
// decimals and times come as the texts of their unscaled numbers, bytes as hexadecimal.
import fs from 'node:fs'
import { tableFromIPC, DataType } from 'apache-arrow'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const [format, file] = process.argv.slice(2)
process.stdout.write(JSON.stringify(format === 'arrow' ? readArrow() : await readParquet()))

function readArrow() {
  const table = tableFromIPC(fs.readFileSync(file))
  const rows = []
  for (const batch of table.batches) {
    for (let row = 0; row < batch.numRows; row++) {
      rows.push(Object.fromEntries(table.schema.fields.map((field, i) => [field.name, arrowValue(batch.data.children[i], row)])))
    }
  }
  return { columns: table.schema.fields.map(field => ({ name: field.name, type: String(field.type) })), batches: table.batches.length, rows }
}

// The library's own getters turn times into numbers of milliseconds; the raw values are its Data, which it has read from the stream.
function arrowValue(data, i) {
  if (data.nullCount > 0 && !data.getValid(i)) return null
  const { type } = data
  if (DataType.isBool(type)) return (data.values[i >> 3] & (1 << (i & 7))) !== 0
  if (DataType.isUtf8(type)) return Buffer.from(data.values.subarray(data.valueOffsets[i], data.valueOffsets[i + 1])).toString('utf8')
  if (DataType.isBinary(type)) return Buffer.from(data.values.subarray(data.valueOffsets[i], data.valueOffsets[i + 1])).toString('hex')
  if (DataType.isDecimal(type)) return decimal(data.values.subarray(i * 4, i * 4 + 4))
  if (DataType.isList(type)) return range(data, i).map(j => arrowValue(data.children[0], j))
  if (DataType.isMap(type)) {
    const [key, value] = data.children[0].children
    return range(data, i).map(j => ({ key: arrowValue(key, j), value: arrowValue(value, j) }))
  }
  if (DataType.isStruct(type)) return Object.fromEntries(type.children.map((field, c) => [field.name, arrowValue(data.children[c], i)]))
  const value = data.values[i]
  return typeof value === 'bigint' ? String(value) : value
}

function range(data, i) {
  return Array.from({ length: data.valueOffsets[i + 1] - data.valueOffsets[i] }, (_, n) => data.valueOffsets[i] + n)
}

function decimal(words) {
  const value = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word >>> 0), 0n)
  return String(BigInt.asIntN(128, value))
}

async function readParquet() {
  const buffer = await asyncBufferFromFile(file)
  const metadata = await parquetMetadataAsync(buffer)
  const rows = metadata.num_rows === 0n ? [] : await parquetReadObjects({ file: buffer, metadata, compressors })
  return {
    columns: metadata.schema.slice(1).map(column => ({ name: column.name, type: column.type ?? 'GROUP' })),
    batches: metadata.row_groups.length,
    rows: rows.map(row => parquetValue(row)),
  }
}

function parquetValue(value) {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return String(BigInt(value.getTime()) * 1000n)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(parquetValue)
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, parquetValue(inner)]))
  return value === undefined ? null : value
}
