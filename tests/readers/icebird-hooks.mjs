// Hooks of Node's module loader: what keeps icebird from reading tables that the specification allows, and has nothing to do with Iceberg.
const changes = [
  // Iceberg's Java library gives the columns of Parquet files names that Avro allows, and icebird expects that of every writer. By the
  // specification ("Column Projection") columns are found by their field ids, whatever they are called in the file.
  ['/icebird/src/utils.js', 'export function sanitize(name) {', 'export function sanitize(name) {\n  return name'],
  // Its inflate loses track after 128 KiB of output.
  ['/icebird/src/avro/avro.read.js', "import { gunzip } from 'hyparquet-compressors'", "import { inflateRawSync as gunzip } from 'node:zlib'"],
]

export async function load(url, context, next) {
  const module = await next(url, context)
  const [, before, after] = changes.find(([file]) => url.endsWith(file)) ?? []
  if (!before) return module
  const source = String(module.source)
  if (!source.includes(before)) throw new Error(`icebird has changed: ${before} is not where it was`)
  return { ...module, source: source.replace(before, after) }
}
