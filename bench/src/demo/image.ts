/**
 * The demo's container image: Node and nothing else. On Linux it is made of this machine's own parts, so that no image
 * registry is asked: the running `node` binary and the libraries that `ldd` lists. Elsewhere it is a public image, pinned.
 */
import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import type { Engine } from '@weft/node/executor'
import { type TarEntry, writeTar } from '../mesh/tar.ts'

const run = promisify(execFile)
const LDD_MS_MAX = 10_000
const IMPORT_MS_MAX = 120_000
const PULL_MS_MAX = 600_000

/** Docker Official Image, index digest: the same for amd64 and arm64. */
export const PUBLIC_IMAGE = 'node:24-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df'
const PASSWD = 'root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534:nobody:/tmp:/sbin/nologin\n'

export interface DemoImage {
  /** What `weft run` is given. */
  reference: string
  /** How it came to be, for people. */
  origin: string
  /** Set where the demo made the image itself. */
  tag: string | undefined
  /** Takes it off the engine again, if the demo put it there. */
  remove(): Promise<void>
}

/** @param tag name for the image, unique to this demo */
export async function demoImage(engine: Engine, tag: string, signal: AbortSignal): Promise<DemoImage> {
  if (process.platform === 'linux') return localImage(engine, tag, signal)
  if ((await engine.describeImage(PUBLIC_IMAGE, { signal })) === undefined) {
    await engine.pullImage(PUBLIC_IMAGE, { signal: AbortSignal.any([signal, AbortSignal.timeout(PULL_MS_MAX)]) })
  }
  return { reference: PUBLIC_IMAGE, tag: undefined, origin: `public image ${PUBLIC_IMAGE}`, remove: async () => {} }
}

async function localImage(engine: Engine, tag: string, signal: AbortSignal): Promise<DemoImage> {
  const libraries = await librariesOf(process.execPath, signal)
  const tar = Readable.from(writeTar(rootfs(process.execPath, libraries)))
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(IMPORT_MS_MAX)])
  await engine.importRootfs(tar, tag, { signal: bounded, changes: ['ENV PATH=/usr/bin'] })
  return {
    reference: tag,
    tag,
    origin: `built here from node ${process.versions.node} and ${libraries.length} libraries`,
    remove: () => engine.removeImage(tag),
  }
}

/** Absolute paths of the shared libraries that a program loads, its loader included. */
async function librariesOf(binary: string, signal: AbortSignal): Promise<string[]> {
  const { stdout } = await run('ldd', [binary], { signal, timeout: LDD_MS_MAX })
  return parseLdd(stdout)
}

/** The paths in what `ldd` prints: `name => /path (address)` or `/path (address)`. The kernel's own vdso has none. */
export function parseLdd(output: string): string[] {
  const paths = output.split('\n').flatMap((line) => /(?:=>\s+|^\s*)(\/\S+)\s+\(0x/.exec(line)?.[1] ?? [])
  return [...new Set(paths)]
}

/** A root file system that holds one program, its libraries where it looks for them, and a user table. */
export function rootfs(node: string, libraries: readonly string[]): TarEntry[] {
  const files = [{ name: 'usr/bin/node', source: node }, ...libraries.map((path) => ({ name: path.slice(1), source: path }))]
  const folders = ['etc', 'tmp', ...files.flatMap(({ name }) => parentsOf(name))]
  return [
    ...[...new Set(folders)].sort().map((name): TarEntry => ({ type: 'folder', name, mode: name === 'tmp' ? 0o1777 : 0o755 })),
    { type: 'text', name: 'etc/passwd', mode: 0o644, text: PASSWD },
    ...files.map(({ name, source }): TarEntry => ({ type: 'file', name, mode: 0o755, source, size: statSync(source).size })),
  ]
}

/** `a/b/c` → `a`, `a/b`. */
function parentsOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
