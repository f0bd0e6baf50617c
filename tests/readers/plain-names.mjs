// A hook of Node's module loader. Iceberg's Java library gives the columns of Parquet files names that Avro allows, and icebird expects that
// of every writer. By the specification ("Column Projection") columns are found by their field ids, whatever they are called in the file.
const before = 'export function sanitize(name) {'

export async function load(url, context, next) {
  const module = await next(url, context)
  if (!url.endsWith('/icebird/src/utils.js')) return module
  const source = String(module.source)
  if (!source.includes(before)) throw new Error('icebird has changed: sanitize is not where it was')
  return { ...module, source: source.replace(before, `${before}\n  return name`) }
}
