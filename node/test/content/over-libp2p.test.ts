import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quietPort } from '../../../.tools/quiet-port.mjs'
import { type Content, contentProtocol, createContent } from '../../src/content/index.ts'
import { idOf, TestMesh, type TestPeer, until } from '../network/mesh.ts'

const MIB = 1024 * 1024
let mesh: TestMesh
let folder: string

beforeEach(async () => {
  mesh = new TestMesh()
  folder = await mkdtemp(join(tmpdir(), 'weft-content-net-'))
})
afterEach(async () => {
  await mesh.close()
  await rm(folder, { recursive: true, force: true })
})

const contentOf = (peer: TestPeer, name: string): Promise<Content> =>
  createContent({ folder: join(folder, name), network: 'test', channels: peer.network.channels })

const noise = (length: number): Buffer =>
  Buffer.concat(Array.from({ length: Math.ceil(length / 32) }, (_, i) => createHash('sha256').update(`${i}`).digest())).subarray(
    0,
    length,
  )

test('a tree travels between two real peers that met only by the address in hand', async () => {
  const [renter, provider] = [await mesh.peer(), await mesh.peer({ listen: [] })]
  await Promise.all([renter.network.start(), provider.network.start()])
  const [holder, fetcher] = [await contentOf(renter, 'renter'), await contentOf(provider, 'provider')]
  holder.serve()
  const content = noise(5 * MIB + 5)
  await writeFile(join(folder, 'input'), content)
  const packed = await holder.packTree([{ name: '0', path: join(folder, 'input') }], { bytesMax: 20 * MIB })
  await holder.share(packed.cid, idOf(provider))
  await fetcher.fetchTree(idOf(renter), renter.network.addresses(), packed.cid, join(folder, 'out'), { bytesMax: 20 * MIB })
  expect(Buffer.compare(await readFile(join(folder, 'out/0')), content)).toBe(0)
})

test('a peer with whom nothing is shared gets nothing', async () => {
  const [renter, provider, stranger] = (await mesh.connected(3)) as [TestPeer, TestPeer, TestPeer]
  const [holder, thief] = [await contentOf(renter, 'renter'), await contentOf(stranger, 'stranger')]
  holder.serve()
  await writeFile(join(folder, 'secret'), 'secret')
  const packed = await holder.packFile(join(folder, 'secret'), { bytesMax: MIB })
  await holder.share(packed.cid, idOf(provider))
  await expect(thief.fetchFile(idOf(renter), [], packed.cid, join(folder, 'loot'), { bytesMax: MIB })).rejects.toMatchObject({
    code: 'MISSING',
  })
})

test('a holder that restarts in the middle of a transfer is found again, and the rest fetched', async () => {
  const listen = [`/ip4/127.0.0.1/tcp/${await quietPort()}`]
  const [renter, provider] = [await mesh.peer({ listen }), await mesh.peer()]
  await Promise.all([renter, provider].map(({ network }) => network.start()))
  const holder = await contentOf(renter, 'renter')
  holder.serve()
  const content = noise(12 * MIB)
  await writeFile(join(folder, 'input'), content)
  const packed = await holder.packFile(join(folder, 'input'), { bytesMax: 64 * MIB })
  await holder.share(packed.cid, idOf(provider))

  const fetcher = await contentOf(provider, 'provider')
  let restarting: Promise<void> | undefined
  const restart = async () => {
    await renter.stop()
    const again = await mesh.peer({
      folder: renter.folder,
      privateKey: renter.privateKey,
      listen,
    })
    await again.network.start()
    const holderAgain = await contentOf(again, 'renter')
    holderAgain.serve()
  }
  const fetched = fetcher.fetchFile(idOf(renter), renter.network.addresses(), packed.cid, join(folder, 'out'), {
    bytesMax: 64 * MIB,
    onBytes: (bytes) => {
      if (bytes > 4 * MIB) restarting ??= restart()
    },
  })
  await fetched
  await restarting
  expect(restarting).toBeDefined()
  expect(Buffer.compare(await readFile(join(folder, 'out')), content)).toBe(0)
})

test('a peer that sends garbage to the content protocol is disconnected and logged', async () => {
  const [renter, provider] = (await mesh.connected(2)) as [TestPeer, TestPeer]
  const holder = await contentOf(renter, 'renter')
  holder.serve()
  const channel = await provider.network.channels.open(idOf(renter), contentProtocol('test'))
  await channel.send(Uint8Array.of(0, 0, 0, 2, 255, 255))
  await until(() => renter.network.peers().length === 0)
  expect(JSON.stringify(renter.log)).toContain('BAD_BLOCK_MESSAGE: a block message cannot be decoded')
})
