// Usage: node read-bucket.mjs BASE-URL METADATA-URI
// Reads a table whose files are objects, straight from their bucket, with icebird: s3://BUCKET/KEY is asked for at BASE-URL/KEY. Prints what
// read-table.mjs prints.
import { readTable } from './icebird-table.mjs'

const [baseUrl, metadataUri] = process.argv.slice(2)
const bucket = new URL(metadataUri).host
// icebird asks Amazon for what s3:// names.
const amazon = `https://${bucket}.s3.amazonaws.com/`
const web = globalThis.fetch
globalThis.fetch = (url, init) => {
  if (!String(url).startsWith(amazon)) throw new Error(`not of the bucket: ${url}`)
  return web(`${baseUrl}/${String(url).slice(amazon.length)}`, init)
}
const answer = await fetch(amazon + metadataUri.slice(`s3://${bucket}/`.length))
if (!answer.ok) throw new Error(`${answer.status} for ${metadataUri}`)
const metadata = await answer.json()
process.stdout.write(JSON.stringify(await readTable(metadata.location, metadata)))
