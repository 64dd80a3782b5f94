import type { Channel } from '@weft/node/network'
import { WINDOW_BYTES } from '@weft/node/network'
import { codeOf, WeftError } from '@weft/protocols'
import type { Libp2p } from 'libp2p'
import { afterEach, describe, expect, test } from 'vitest'
import { deferred } from '../../src/network/deferred.ts'
import { dataFrame, hostilePeer, openFrame, openLane, wireFrame } from './hostile.ts'
import { idOf, TestMesh, type TestPeer, until } from './mesh.ts'

const ECHO = '/weft/test/echo/1.0.0'
let mesh = new TestMesh()
const hostiles: Libp2p[] = []

afterEach(async () => {
  await Promise.all(hostiles.splice(0).map((one) => one.stop()))
  await mesh.close()
  mesh = new TestMesh()
})

async function echo(channel: Channel): Promise<void> {
  for await (const bytes of channel.source) await channel.send(bytes)
}

async function collect(channel: Channel): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const bytes of channel.source) pieces.push(bytes)
  return Buffer.concat(pieces)
}

async function pair(): Promise<[TestPeer, TestPeer]> {
  const [first, second] = await mesh.connected(2)
  if (first === undefined || second === undefined) throw new Error('no peers')
  for (const peer of [first, second]) peer.network.channels.handle(ECHO, echo)
  return [first, second]
}

describe('channels', () => {
  test('bytes larger than the window come back the same through an echo', async () => {
    const [first, second] = await pair()
    const channel = await first.network.channels.open(idOf(second), ECHO)
    const sent = Buffer.alloc(3 * WINDOW_BYTES + 17, 'weft')
    const [received] = await Promise.all([collect(channel), channel.send(sent).then(() => channel.end())])
    expect(sent.equals(received)).toBe(true)
    await channel.closed
  })

  test('many channels of both peers run side by side on the same streams', async () => {
    const [first, second] = await pair()
    const talk = async (from: TestPeer, to: TestPeer, index: number) => {
      const channel = await from.network.channels.open(idOf(to), ECHO)
      await channel.send(new TextEncoder().encode(`channel ${index}`))
      await channel.end()
      return new TextDecoder().decode(await collect(channel))
    }
    const numbers = Array.from({ length: 20 }, (_, index) => index)
    const there = await Promise.all(numbers.map((index) => talk(first, second, index)))
    const both = await Promise.all(numbers.flatMap((index) => [talk(first, second, index), talk(second, first, index)]))
    expect(there).toEqual(numbers.map((index) => `channel ${index}`))
    expect(both).toEqual(numbers.flatMap((index) => [`channel ${index}`, `channel ${index}`]))
  })

  test('a writer stops when the reader does, one window ahead, and goes on when it reads again', async () => {
    const [first, second] = await pair()
    let held: Channel | undefined
    const release = deferred()
    second.network.channels.handle(ECHO, async (channel) => {
      held = channel
      await release.promise
      await collect(channel)
    })
    const channel = await first.network.channels.open(idOf(second), ECHO)
    let sent = 0
    const piece = new Uint8Array(32 * 1024)
    const writing = (async () => {
      for (let index = 0; index < 128; index++) {
        await channel.send(piece)
        sent += piece.length
      }
      await channel.end()
    })()
    await until(() => held !== undefined && sent > WINDOW_BYTES / 2)
    // Once nothing moves for a while, the writer is waiting for credit.
    let last = -1
    await until(() => {
      const isStill = sent === last
      last = sent
      return isStill && sent > WINDOW_BYTES * 0.9
    })
    expect(sent).toBeLessThanOrEqual(WINDOW_BYTES)
    release.resolve()
    await writing
    expect(sent).toBe(128 * piece.length)
  })

  test('a protocol that nobody serves resets the channel and leaves the peer connected', async () => {
    const [first, second] = await pair()
    const channel = await first.network.channels.open(idOf(second), '/weft/test/nothing/1.0.0')
    await expect(collect(channel)).rejects.toMatchObject({ code: 'CHANNEL_RESET' })
    expect(first.network.peers()).toHaveLength(1)
  })

  test('a handler that fails resets its channel with the code of its error', async () => {
    const [first, second] = await pair()
    second.network.channels.handle(ECHO, async () => {
      throw new WeftError('NOT_TODAY', 'nobody else need know why')
    })
    const channel = await first.network.channels.open(idOf(second), ECHO)
    const error = await collect(channel).catch((reason: unknown) => reason)
    expect(codeOf(error)).toBe('CHANNEL_RESET')
    expect(String(error)).toContain('NOT_TODAY')
    expect(String(error)).not.toContain('need know')
  })

  test('the sixty-fifth channel that a peer opens is refused, and the others go on', async () => {
    const [first, second] = await pair()
    const channels = await Promise.all(Array.from({ length: 65 }, () => first.network.channels.open(idOf(second), ECHO)))
    const last = channels.at(-1)
    if (last === undefined) throw new Error('no channel')
    await expect(collect(last)).rejects.toMatchObject({ code: 'CHANNEL_RESET' })
    const one = channels[0]
    await one?.send(Uint8Array.of(1))
    await one?.end()
    expect(one && (await collect(one))).toEqual(Buffer.from([1]))
    for (const channel of channels) channel.reset('done')
  })

  test('losing the connection fails open channels on both sides', async () => {
    const [first, second] = await pair()
    const channel = await first.network.channels.open(idOf(second), ECHO)
    await channel.send(Uint8Array.of(1))
    await second.stop()
    await expect(collect(channel)).rejects.toMatchObject({ code: 'CHANNEL_RESET' })
    await channel.closed
  })
})

describe('a peer that breaks the protocol is disconnected, logged and banned, and others are served', () => {
  const attacks: { name: string; code: string; lane: 'control' | 'bulk'; bytes: () => Uint8Array[]; afterOpen?: true }[] = [
    {
      name: 'random bytes on the control lane',
      code: 'BAD_FRAME',
      lane: 'control',
      bytes: () => [Uint8Array.of(5, 255, 255, 255, 255, 255)],
    },
    { name: 'random bytes on the bulk lane', code: 'BAD_FRAME', lane: 'bulk', bytes: () => [Uint8Array.of(3, 7, 7, 7)] },
    { name: 'a length over the limit', code: 'BAD_LENGTH', lane: 'bulk', bytes: () => [Uint8Array.of(0xff, 0xff, 0xff, 0x7f)] },
    { name: 'an empty frame', code: 'BAD_LENGTH', lane: 'control', bytes: () => [Uint8Array.of(0)] },
    {
      name: 'a kind of frame that does not exist',
      code: 'BAD_FRAME',
      lane: 'bulk',
      bytes: () => [Uint8Array.of(4, 8, 1, 16, 9)],
    },
    {
      name: 'data for a channel that was never opened',
      code: 'BAD_CHANNEL',
      lane: 'bulk',
      bytes: () => [dataFrame(7, Uint8Array.of(1))],
    },
    { name: 'an id of the other side', code: 'BAD_CHANNEL', lane: 'bulk', bytes: () => [openFrame(2, ECHO)] },
    {
      name: 'more data than was granted',
      code: 'OVER_CREDIT',
      lane: 'bulk',
      bytes: () => [
        openFrame(1, '/weft/test/deaf/1.0.0'),
        ...Array.from({ length: 40 }, () => dataFrame(1, new Uint8Array(60_000))),
      ],
      // More than a mebibyte before a stream is read at all ends the stream alone: libp2p bounds that, and says nothing to us.
      afterOpen: true,
    },
    {
      name: 'data without end for a channel that was refused',
      code: 'OVER_CREDIT',
      lane: 'bulk',
      bytes: () => [
        openFrame(1, '/weft/test/nothing/1.0.0'),
        ...Array.from({ length: 4 }, () => dataFrame(1, new Uint8Array(60_000))),
      ],
    },
    {
      name: 'a flood of channels for protocols that nobody serves',
      code: 'OPEN_FLOOD',
      lane: 'control',
      bytes: () => Array.from({ length: 60 }, (_, index) => openFrame(2 * index + 1, '/weft/test/nothing/1.0.0')),
    },
    {
      name: 'credit beyond all bounds',
      code: 'BAD_CREDIT',
      lane: 'bulk',
      bytes: () => [openFrame(1, ECHO), wireFrame({ channel: 1, kind: 3, credit: 0xffff_ffff })],
    },
  ]
  for (const { name, code, lane, bytes, afterOpen } of attacks) {
    test(name, async () => {
      const [victim, friend] = await pair()
      const opened = deferred()
      victim.network.channels.handle('/weft/test/deaf/1.0.0', () => {
        opened.resolve()
        return new Promise(() => {})
      })
      const hostile = await hostilePeer()
      hostiles.push(hostile)
      const address = victim.network.addresses()[0] ?? ''
      const stream = await openLane(hostile, address, lane)
      for (const piece of bytes()) {
        if (stream.status !== 'open') break
        stream.send(piece)
        if (afterOpen) await opened.promise
      }
      await until(() => hostile.getConnections().length === 0)
      const line = victim.log.find(({ level, fields }) => level === 'warn' && 'code' in fields)
      expect(line?.fields).toMatchObject({ peer: hostile.peerId.toString(), code })
      await expect(openLane(hostile, address, lane)).rejects.toThrow()

      const channel = await friend.network.channels.open(idOf(victim), ECHO)
      await channel.send(Uint8Array.of(42))
      await channel.end()
      expect(await collect(channel)).toEqual(Buffer.from([42]))
    })
  }
})
