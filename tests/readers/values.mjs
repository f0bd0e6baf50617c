// From what the Parquet reader gives to one JSON form for each Iceberg type, so that values can be compared from another language:
// long, time and timestamps as text of the whole number (microseconds), date as yyyy-MM-dd, binary as hex, decimal as number,
// map as a list of [key, value]; NaN and infinities as text.

// Texts and binaries arrive as one character per byte: the reader can't tell them apart, the schema can.
export const bytesToText = bytes => bytes && Buffer.from(bytes).toString('latin1')

export function plainRow(row, fields) {
  return Object.fromEntries(fields.map(field => [field.name, plain(row[field.name], field.type)]))
}

export function plain(value, type) {
  if (value === undefined || value === null) return null
  if (type.type === 'struct') return plainRow(value, type.fields)
  if (type.type === 'list') return [...value].map(element => plain(element, type.element))
  if (type.type === 'map') return Object.entries(value).map(([key, item]) => [plainKey(key, type.key), plain(item, type.value)])
  if (type.startsWith('decimal')) return Number(value)
  switch (type) {
    case 'boolean': return Boolean(value)
    case 'int': return Number(value)
    case 'long': case 'time': case 'timestamp': case 'timestamptz': return String(value)
    case 'float': case 'double': return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value)
    case 'date': return dateText(value)
    case 'string': return Buffer.from(value, 'latin1').toString('utf8')
    case 'binary': return Buffer.from(value, 'latin1').toString('hex')
    case 'uuid': return typeof value === 'string' ? value : uuidText(value)
    default: throw new Error(`unknown type ${type}`)
  }
}

// Keys of an object are text, whatever they were.
const plainKey = (key, type) => plain(type === 'int' ? Number(key) : key, type)

function dateText(days) {
  const text = new Date(Number(days) * 86400000).toISOString()
  return text.slice(0, text.indexOf('T'))
}

function uuidText(bytes) {
  return Buffer.from(bytes).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
