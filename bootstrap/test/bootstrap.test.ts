import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createSeedNetwork, type Logger, type Network } from '@weft/node/network'
import type { PeerId } from '@weft/protocols'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSeed, startBootstrap } from '../src/index.ts'

const BINARY = fileURLToPath(new URL('../bin/weft-bootstrap.mjs', import.meta.url))
const LISTEN = '/ip4/127.0.0.1/tcp/0'
const SILENT: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

let folder = ''
const stops: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-bootstrap-'))
})

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  await rm(folder, { recursive: true, force: true })
})

interface Running {
  document: { peerId: string; addresses: string[] }
  stop(): Promise<number | null>
}

async function run(...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [BINARY, '--network', 'test', '--listen', LISTEN, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  const stop = async () => {
    child.kill('SIGTERM')
    return await exit
  }
  stops.push(stop)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { document: JSON.parse(line) as Running['document'], stop }
}

async function refused(...args: string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [BINARY, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.on('data', (piece: Buffer) => {
    text += piece.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text }
}

/** A started peer, and a promise that resolves when it has met as many others as `meets` says. */
async function newcomer(name: string, bootstrap: string, meets: number): Promise<{ network: Network; met: Promise<PeerId[]> }> {
  const seed = new Uint8Array(32).fill(name.charCodeAt(0))
  const network = await createSeedNetwork({
    seed,
    folder: join(folder, name),
    network: 'test',
    listen: [LISTEN],
    bootstrap: [bootstrap],
    log: SILENT,
  })
  stops.push(() => network.stop())
  const neighbours: PeerId[] = []
  const met = new Promise<PeerId[]>((resolve) => {
    const connected = (peer: PeerId) => {
      if (neighbours.push(peer) === meets) resolve(neighbours)
    }
    network.channels.listen({ message: () => {}, connected, disconnected: () => {} })
  })
  await network.start()
  return { network, met }
}

test('the program prints its addresses, introduces newcomers to each other and stops on SIGTERM', async () => {
  const { document, stop } = await run('--data', folder)
  const address = document.addresses[0] ?? ''
  expect(address).toContain(document.peerId)
  const [first, second] = [await newcomer('a', address, 2), await newcomer('b', address, 2)]
  expect((await first.met).toSorted()).toEqual([document.peerId, second.network.peerId].toSorted())
  expect((await second.met).toSorted()).toEqual([document.peerId, first.network.peerId].toSorted())
  expect(await stop()).toBe(0)
})

test('its identity stays the same, in a file that only its owner reads', async () => {
  const before = await run('--data', folder)
  expect(await before.stop()).toBe(0)
  const after = await run('--data', folder)
  expect(after.document.peerId).toBe(before.document.peerId)
  expect((await stat(join(folder, 'identity.key'))).mode & 0o777).toBe(0o600)
})

test('a damaged identity is reported and left as it is', async () => {
  await writeFile(join(folder, 'identity.key'), 'not a key')
  const { code, text } = await refused('--data', folder, '--listen', LISTEN)
  expect([code, text]).toEqual([64, expect.stringContaining('is damaged')])
  expect(await readFile(join(folder, 'identity.key'), 'utf8')).toBe('not a key')
})

test('an unknown flag is one sentence and exit code 64', async () => {
  expect(await refused('--nonsense')).toEqual({
    code: 64,
    text: "weft-bootstrap: unknown option '--nonsense'; see weft-bootstrap --help\n",
  })
})

test('a second one on the same folder, and one on a port in use, are refused', async () => {
  const first = await startBootstrap({ folder, network: 'test', listen: [LISTEN], log: SILENT })
  stops.push(() => first.stop())
  await expect(startBootstrap({ folder, network: 'test', listen: [LISTEN], log: SILENT })).rejects.toMatchObject({
    code: 'LOCKED',
  })
  const taken = first.addresses()[0]?.split('/p2p/')[0] ?? ''
  const other = join(folder, 'other')
  await expect(startBootstrap({ folder: other, network: 'test', listen: [taken], log: SILENT })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
  })
  expect(await loadSeed(other)).toHaveLength(32)
})
