// Finds the current metadata of an Iceberg table and opens what it names.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

// What follows the scheme is the name of the file, not percent-encoded. Objects of a bucket lie in the folder BUCKET_MIRROR, under their keys.
export function localPath(location) {
  const object = /^s3:\/\/[^/]+\/(.*)$/.exec(location)
  if (object && process.env.BUCKET_MIRROR) return path.join(process.env.BUCKET_MIRROR, object[1])
  if (!location.startsWith('file:///')) throw new Error(`not a file URI: ${location}`)
  const name = location.slice('file://'.length)
  return /^\/[A-Za-z]:\//.test(name) ? name.slice(1) : name
}

// `where` is a metadata file, its URI, or the folder of a table: there version-hint.text names the version
// (Iceberg specification, "File System Tables").
export function openTable(where) {
  const start = /^(file|s3):/.test(where) ? localPath(where) : path.resolve(where)
  const metadataFile = start.endsWith('.json') ? start : hintedFile(start)
  return { metadataFile, metadata: JSON.parse(fs.readFileSync(metadataFile, 'utf8')) }
}

function hintedFile(folder) {
  const version = Number(fs.readFileSync(path.join(folder, 'metadata/version-hint.text'), 'utf8'))
  if (!Number.isInteger(version)) throw new Error('version-hint.text holds no number')
  return path.join(folder, `metadata/v${version}.metadata.json`)
}

export function currentSchema(metadata) {
  return metadata.schemas.find(schema => schema['schema-id'] === metadata['current-schema-id'])
}

// Lets readers that were made for the web open files of this machine: whole, or a range of bytes.
export function serveFiles() {
  const web = globalThis.fetch
  globalThis.fetch = async (url, init) => {
    if (!String(url).startsWith('file:')) return web(url, init)
    const file = localPath(String(url))
    if (!fs.existsSync(file)) return new Response(null, { status: 404, statusText: `no file ${file}` })
    const content = fs.readFileSync(file)
    const range = /^bytes=(\d+)-(\d*)$/.exec(new Headers(init?.headers).get('Range') ?? '')
    if (!range) return new Response(content, { status: 200 })
    const end = range[2] === '' ? content.length : Number(range[2]) + 1
    return new Response(content.subarray(Number(range[1]), end), { status: 206 })
  }
}

export const here = path.dirname(fileURLToPath(import.meta.url))
