import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'

const WEFT = fileURLToPath(new URL('../../bin/weft.mjs', import.meta.url))
const canMount = process.platform === 'linux' && process.getuid?.() === 0

const cleaners: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean()
})

async function smallDisk(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-disk-full-test-'))
  cleaners.push(() => rm(folder, { recursive: true, force: true }))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'none', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  cleaners.push(() => execFileSync('umount', ['-l', folder]))
  return folder
}

/** Writes zeros until nothing fits. */
async function fill(path: string): Promise<number> {
  const file = await open(path, 'w')
  let size = 0
  try {
    for (const piece = Buffer.alloc(4096); ; size += piece.length) await file.write(piece)
  } catch {
    return size
  } finally {
    await file.close()
  }
}

// Only root can mount a disk that is small enough.
it.skipIf(!canMount)('a daemon whose store does not fit on the disk any more ends, and says so', async ({ skip }) => {
  const disk = await smallDisk()
  if (disk === undefined) return skip('this machine mounts no tmpfs')
  const data = join(disk, 'data')
  const common = ['--data', data]
  const up = ['up', '--unsafe-process-engine', '--listen', '/ip4/127.0.0.1/tcp/0', '--no-mdns', '--json']
  const daemon = spawn(process.execPath, [WEFT, ...up, ...common], { stdio: ['ignore', 'pipe', 'ignore'] })
  cleaners.push(() => daemon.kill('SIGKILL'))
  const ended = once(daemon, 'exit')
  await once(daemon.stdout, 'data')
  let size = await fill(join(disk, 'fill'))
  for (let tries = 0; tries < 12 && daemon.exitCode === null; tries += 1) {
    // A job's own files come before what the store writes of it.
    size -= 4096
    await truncate(join(disk, 'fill'), size)
    const run = ['run', '-d', '-y', '--max-price', '1', 'process:node', '-e', '1']
    const renter = spawn(process.execPath, [WEFT, ...run.slice(0, 1), ...common, ...run.slice(1)], { stdio: 'ignore' })
    await Promise.race([once(renter, 'exit'), ended])
    renter.kill('SIGKILL')
  }
  const [code] = (await ended) as [number | null]
  expect(code).toBeGreaterThan(0)
  // With room again it goes on from what it has.
  await rm(join(disk, 'fill'))
  const again = spawn(process.execPath, [WEFT, ...up, ...common], { stdio: ['ignore', 'pipe', 'ignore'] })
  cleaners.push(() => again.kill('SIGKILL'))
  const [line] = (await once(again.stdout, 'data')) as [Buffer]
  expect(JSON.parse(String(line))).toMatchObject({ ready: true })
})

it.skipIf(!canMount)('a provider on a disk without its reserve says so, and takes nothing', async ({ skip }) => {
  const disk = await smallDisk()
  if (disk === undefined) return skip('this machine mounts no tmpfs')
  const common = ['--data', join(disk, 'data'), '--json']
  const up = ['up', '--provide', '--gpus', 'none', '--unsafe-process-engine', '--listen', '/ip4/127.0.0.1/tcp/0', '--no-mdns']
  const daemon = spawn(process.execPath, [WEFT, ...up, ...common], { stdio: ['ignore', 'pipe', 'ignore'] })
  cleaners.push(() => daemon.kill('SIGKILL'))
  await once(daemon.stdout, 'data')
  const status = execFileSync(process.execPath, [WEFT, 'status', ...common], { encoding: 'utf8' })
  expect(JSON.parse(status)).toMatchObject({ disk: { short: true, reserveBytes: 2 * 1024 ** 3 } })
})
