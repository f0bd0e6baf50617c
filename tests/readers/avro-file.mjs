// Decodes an Avro container file with avsc.
import avsc from 'avsc'

// { properties: the header's keys as text, schema, records }. A long beyond 2^53 - 1 is an error of avsc's.
export function readAvro(file) {
  return new Promise((resolve, reject) => {
    let properties, schema
    const records = []
    avsc.createFileDecoder(file)
      .on('metadata', (type, codec, header) => {
        schema = JSON.parse(header.meta['avro.schema'])
        properties = Object.fromEntries(Object.entries(header.meta).map(([key, value]) => [key, value.toString()]))
      })
      .on('data', record => records.push(record))
      .on('error', reject)
      .on('end', () => resolve({ properties, schema, records }))
  })
}

// { name: field id } of a record schema; the records inside it by their path.
export function fieldIds(schema, prefix = '') {
  const ids = {}
  for (const field of schema.fields) {
    ids[prefix + field.name] = field['field-id']
    const type = Array.isArray(field.type) ? field.type.find(branch => branch !== 'null') : field.type
    const inner = type?.type === 'record' ? type : type?.type === 'array' && type.items.type === 'record' ? type.items : null
    if (inner) Object.assign(ids, fieldIds(inner, `${prefix}${field.name}.`))
  }
  return ids
}
