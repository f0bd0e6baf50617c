// Field ids over all versions of a table ("Schemas" and "Schema Evolution" of the Iceberg specification): an id means one field for ever. Rat
// never renames a field, so that an id with another name was used twice.
const promotions = { int: ['long'], float: ['double'] }

export class FieldHistory {
  #meanings = new Map()
  #lastColumnId = 0

  check(metadata, problem) {
    if (metadata['last-column-id'] < this.#lastColumnId) problem('last-column-id has become smaller')
    this.#lastColumnId = metadata['last-column-id']
    for (const schema of [...metadata.schemas].sort((one, other) => one['schema-id'] - other['schema-id'])) {
      for (const [id, path, type] of fieldsOf(schema, '')) this.#meet(id, path.toLowerCase(), type, schema['schema-id'], problem)
    }
  }

  #meet(id, path, type, schemaId, problem) {
    const known = this.#meanings.get(id)
    if (known && known.path !== path) problem(`field id ${id} was ${known.path} and is ${path} in schema ${schemaId}`)
    if (known && !known.types.some(before => before === type || promotes(before, type) || promotes(type, before))) {
      problem(`field id ${id} (${path}) was ${known.types} and is ${type} in schema ${schemaId}`)
    }
    if (!known) this.#meanings.set(id, { path, types: [type] })
    else if (!known.types.includes(type)) known.types.push(type)
  }
}

function promotes(from, to) {
  const [before, after] = [from, to].map(type => /^decimal\((\d+), *(\d+)\)$/.exec(type))
  return before && after ? before[2] === after[2] && Number(before[1]) <= Number(after[1]) : promotions[from]?.includes(to) === true
}

function * fieldsOf(type, path) {
  const inside = name => path === '' ? name : `${path}.${name}`
  const children = type.type === 'struct' ? type.fields.map(field => [field.id, inside(field.name), field.type])
    : type.type === 'list' ? [[type['element-id'], inside('element'), type.element]]
      : type.type === 'map' ? [[type['key-id'], inside('key'), type.key], [type['value-id'], inside('value'), type.value]] : []
  for (const [id, name, child] of children) {
    yield [id, name, typeof child === 'string' ? child : child.type]
    yield * fieldsOf(child, name)
  }
}
