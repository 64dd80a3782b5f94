/**
 * `docker save` archives from untrusted peers. An archive names its images, and loading it gives those names away on the
 * machine that loads: a renter's image called `python:3` would then run for everybody. So names are taken out on the way in, and what its
 * layers unpack to is counted.
 */
import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { extract, type Header, pack } from 'tar-stream'
import { executorError } from './engine-errors.ts'
import { UnpackedSize } from './unpacked-size.ts'

/** Entries of an archive; an image has at most 128 layers of three entries each. */
const ENTRIES_MAX = 4096
/** `manifest.json` and `index.json` are a few kilobytes. */
const INDEX_BYTES_MAX = 1024 * 1024

/**
 * The archive without names, as a stream. It fails with BAD_IMAGE where the bytes are no archive, or its layers unpack to more than
 * `unpackedMax` bytes. @default no limit
 */
export function withoutNames(archive: Readable, unpackedMax = Number.POSITIVE_INFINITY): Readable {
  return Readable.from(rewritten(archive, new UnpackedSize(unpackedMax)), { objectMode: false })
}

async function* rewritten(archive: Readable, size: UnpackedSize): AsyncGenerator<Uint8Array> {
  const source = extract()
  const target = pack()
  const pump = copyEntries(source, target, size)
  pump.catch((error: Error) => target.destroy(error))
  archive.on('error', (error) => source.destroy(error))
  archive.pipe(source)
  try {
    for await (const chunk of target) yield chunk as Uint8Array
    await pump
  } finally {
    archive.destroy()
    source.destroy()
    target.destroy()
  }
}

async function copyEntries(
  source: ReturnType<typeof extract>,
  target: ReturnType<typeof pack>,
  size: UnpackedSize,
): Promise<void> {
  let entries = 0
  const links = new Set<string>()
  for await (const entry of source) {
    entries += 1
    if (entries > ENTRIES_MAX) throw executorError('BAD_IMAGE', `the image archive has more than ${ENTRIES_MAX} entries`)
    const header = plainHeader(entry.header, links)
    const { name } = header
    if (name === 'repositories') for await (const _ of entry);
    else if (name === 'manifest.json') target.entry(...resized(header, unnamedManifest(await json(entry, header))))
    else if (name === 'index.json') target.entry(...resized(header, unnamedIndex(await json(entry, header))))
    else if (header.size === 0) await empty(entry, target, header)
    else await copy(size.through(entry as AsyncIterable<Uint8Array>), target.entry(header))
  }
  target.finalize()
}

/**
 * The entry under the one name that every reader gives it. An engine cleans names and follows links while it unpacks, and extended
 * headers may say another name: `x/../manifest.json` would be taken for what has been looked through.
 */
function plainHeader(header: Header, links: Set<string>): Header {
  const { name: said, type } = header
  const name = posix.normalize(said).replace(/\/$/, '')
  const folders = name.split('/').slice(0, -1)
  const isInLink = folders.some((_, depth) => links.has(folders.slice(0, depth + 1).join('/')))
  if (posix.isAbsolute(name) || name === '..' || name.startsWith('../') || isInLink)
    throw executorError('BAD_IMAGE', `the image archive has an entry that leads elsewhere: ${JSON.stringify(said.slice(0, 80))}`)
  if (type === 'symlink') links.add(name)
  return { ...header, name, pax: null }
}

async function empty(entry: AsyncIterable<unknown>, target: ReturnType<typeof pack>, header: Header): Promise<void> {
  for await (const _ of entry);
  target.entry(header)
}

/** Pieces go one at a time, each when the last was taken. */
async function copy(entry: AsyncIterable<unknown>, sink: ReturnType<ReturnType<typeof pack>['entry']>): Promise<void> {
  // What went wrong is told by whoever reads the archive.
  sink.on('error', () => undefined)
  for await (const chunk of entry) {
    if (sink.write(chunk as Uint8Array)) continue
    await drained(sink)
  }
  sink.end(undefined)
}

/** Leaves no listener behind: an archive has as many pieces as it likes. */
function drained(sink: ReturnType<ReturnType<typeof pack>['entry']>): Promise<void> {
  return new Promise((resolve, reject) => {
    const forget = (): void => {
      sink.off('drain', onDrain)
      sink.off('close', onClose)
    }
    const onDrain = (): void => {
      forget()
      resolve()
    }
    const onClose = (): void => {
      forget()
      reject(executorError('BAD_IMAGE', 'the image archive ended early'))
    }
    sink.on('drain', onDrain)
    sink.on('close', onClose)
  })
}

function resized(header: Header, value: unknown): [Header, Uint8Array] {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  return [{ ...header, size: bytes.length }, bytes]
}

async function json(entry: AsyncIterable<unknown>, header: Header): Promise<unknown> {
  if (header.size > INDEX_BYTES_MAX) throw executorError('BAD_IMAGE', `${header.name} of the image archive is too long`)
  const pieces: Uint8Array[] = []
  for await (const chunk of entry) pieces.push(chunk as Uint8Array)
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch (error) {
    throw executorError('BAD_IMAGE', `${header.name} of the image archive is no JSON`, error)
  }
}

function unnamedManifest(value: unknown): unknown {
  if (!Array.isArray(value)) throw executorError('BAD_IMAGE', 'manifest.json of the image archive is no list')
  // A load that breaks off would leave the ones before.
  if (value.length > 1) throw executorError('BAD_IMAGE', `the image archive holds ${value.length} images; one was asked for`)
  return value.map((item: unknown) => (isRecord(item) ? { ...item, RepoTags: null } : item))
}

function unnamedIndex(value: unknown): unknown {
  if (!isRecord(value) || !Array.isArray(value['manifests'])) return value
  return {
    ...value,
    manifests: value['manifests'].map((item: unknown) => (isRecord(item) ? { ...item, annotations: {} } : item)),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
