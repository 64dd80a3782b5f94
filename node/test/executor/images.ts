import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import type { Engine, ImageInfo } from '../../src/executor/engine.ts'

const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox']
const LINKS = [
  'sh',
  'ash',
  'echo',
  'sleep',
  'cat',
  'ls',
  'id',
  'mkdir',
  'mknod',
  'mkfifo',
  'ln',
  'dd',
  'true',
  'false',
  'env',
  'yes',
  'head',
]
const MORE_LINKS = [
  'kill',
  'touch',
  'chmod',
  'ip',
  'ping',
  'wget',
  'seq',
  'tr',
  'printf',
  'mount',
  'su',
  'date',
  'grep',
  'df',
  'stat',
  'rm',
  'wc',
]
const LAYOUT_VERSION = 5

/** Whether an image can be made here: Debian's `busybox-static` is installed. */
export async function hasBusybox(): Promise<boolean> {
  return (await busybox()) !== undefined
}

const making = new Map<string, Promise<ImageInfo>>()

/** A small image of this machine's static busybox, made once per engine; nothing is downloaded. */
export async function busyboxImage(
  engine: Engine,
  options: { changes?: readonly string[]; name?: string } = {},
): Promise<ImageInfo> {
  const binary = await busybox()
  if (binary === undefined) throw new Error('there is no static busybox; on Debian: apt-get install busybox-static')
  const changes = options.changes ?? ['CMD ["sh"]', 'ENV PATH=/bin', 'ENV NVIDIA_VISIBLE_DEVICES=all', 'ENV LD_PRELOAD=/evil.so']
  const hash = createHash('sha256')
    .update(binary)
    .update(JSON.stringify([LAYOUT_VERSION, changes]))
    .digest('hex')
  const tag = `${options.name ?? 'weft-test-busybox'}:${hash.slice(0, 16)}`
  // Tests that run at once would import it once each, and leave all but the last without a name.
  const key = `${engine.host} ${tag}`
  const made = making.get(key) ?? make(engine, binary, tag, changes)
  making.set(key, made)
  return made.finally(() => making.delete(key))
}

async function make(engine: Engine, binary: Buffer, tag: string, changes: readonly string[]): Promise<ImageInfo> {
  const found = await engine.describeImage(tag)
  if (found !== undefined) return found
  await engine.importRootfs(await rootfs(binary), tag, { changes })
  const made = await engine.describeImage(tag)
  if (made === undefined) throw new Error(`${engine.name} lost ${tag}`)
  return made
}

/** A tar of a root file system. */
export async function rootfs(binary: Buffer): Promise<Readable> {
  const tar = pack()
  for (const name of ['bin', 'tmp', 'proc', 'sys', 'dev', 'etc', 'home', 'data', 'out'])
    tar.entry({ name: `${name}/`, type: 'directory', mode: name === 'tmp' ? 0o1777 : 0o755 })
  tar.entry({ name: 'bin/busybox', mode: 0o755 }, binary)
  // Set-uid root: what `no-new-privileges` has to make harmless.
  tar.entry({ name: 'bin/busybox-suid', mode: 0o4755 }, binary)
  tar.entry({ name: 'etc/passwd', mode: 0o644 }, 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n')
  for (const link of [...LINKS, ...MORE_LINKS])
    tar.entry({ name: `bin/${link}`, type: 'symlink', linkname: 'busybox', mode: 0o777 })
  tar.finalize()
  return Readable.from(tar)
}

/** Where this machine's static busybox is. */
export async function busyboxPath(): Promise<string> {
  for (const path of BUSYBOX) if (await readFile(path).catch(() => undefined)) return path
  throw new Error('there is no static busybox; on Debian: apt-get install busybox-static')
}

async function busybox(): Promise<Buffer | undefined> {
  for (const path of BUSYBOX) {
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes !== undefined) return bytes
  }
  return undefined
}
