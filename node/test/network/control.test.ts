import { multiaddr } from '@multiformats/multiaddr'
import { codeOf, type PeerId } from '@weft/protocols'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, test } from 'vitest'
import { INITIAL_CREDIT_BYTES, MuxChannel, WINDOW_BYTES } from '../../src/network/channel.ts'
import { ControlMessages, OUTBOUND_MAX } from '../../src/network/control.ts'
import { Outbox } from '../../src/network/outbox.ts'
import { type Hostile, hostilePeer, playDeaf } from './hostile.ts'
import { TestMesh, until } from './mesh.ts'

const PEER = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5' as PeerId
let mesh = new TestMesh()
let hostile: Hostile | undefined

afterEach(async () => {
  await hostile?.stop()
  hostile = undefined
  await mesh.close()
  mesh = new TestMesh()
})

/** Control messages over channels whose stream takes nothing. */
function stuck(deadlineMs: number) {
  const opened: MuxChannel[] = []
  const unsent: string[] = []
  const control = new ControlMessages({
    protocol: '/weft/test/message/1.0.0',
    open: async (peer, protocol) => {
      const channel = new MuxChannel({
        id: 2 * opened.length + 1,
        peer,
        protocol,
        outbox: new Outbox(1024, () => {}),
        credit: INITIAL_CREDIT_BYTES,
        window: WINDOW_BYTES,
        granted: WINDOW_BYTES,
        onClosed: () => {},
      })
      opened.push(channel)
      return channel
    },
    connect: async () => {},
    deliver: () => {},
    onUnsent: (reason) => unsent.push(reason),
    monoMs: () => performance.now(),
    deadlineMs,
  })
  return { control, opened, unsent }
}

describe('control messages to a peer that reads nothing', () => {
  test('one that waits past its deadline resets the channel, and all that waited with it fail once', async () => {
    const { control, opened, unsent } = stuck(20)
    const sends = [1, 2, 3].map((byte) => control.send(PEER, Uint8Array.of(byte), {}))
    const ends = await Promise.allSettled(sends)
    expect(ends.map((end) => end.status === 'rejected' && codeOf(end.reason))).toEqual(Array(3).fill('UNREACHABLE'))
    expect(unsent).toEqual(Array(3).fill('stalled'))
    expect(opened).toHaveLength(1)
    await opened[0]?.closed
    await expect(control.send(PEER, Uint8Array.of(4), {})).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(opened).toHaveLength(2)
  })

  test('are refused beyond their number and beyond their bytes, and there is room again once they failed', async () => {
    const { control, opened, unsent } = stuck(60_000)
    const fill = async (count: number, bytes: number): Promise<number> => {
      const sends = Array.from({ length: count }, () => control.send(PEER, new Uint8Array(bytes), {}))
      await expect(control.send(PEER, new Uint8Array(bytes), {})).rejects.toMatchObject({ code: 'UNREACHABLE' })
      const channel = opened.at(-1)
      // Sent again once, on the channel that takes the place of the one that was lost.
      channel?.fail('the connection was lost', false)
      await until(() => opened.at(-1) !== channel)
      opened.at(-1)?.fail('the connection was lost', false)
      return (await Promise.allSettled(sends)).length
    }
    expect(await fill(OUTBOUND_MAX, 10)).toBe(OUTBOUND_MAX)
    expect(await fill(64, 64 * 1024)).toBe(64)
    expect(unsent).toEqual(['full', 'full'])
  })

  test('wait within bounds while other peers are served, and are counted', async () => {
    const metrics = new Registry()
    const victim = await mesh.peer({ metrics })
    const friend = await mesh.peer()
    const heard: number[] = []
    friend.network.channels.listen({
      message: (_, bytes) => heard.push(bytes.length),
      connected: () => {},
      disconnected: () => {},
    })
    await Promise.all([victim, friend].map(({ network }) => network.start()))
    hostile = await hostilePeer()
    await playDeaf(hostile)
    await hostile.dial(multiaddr(victim.network.addresses()[0] ?? ''))
    await until(() => victim.network.connectionCount === 1)
    const deaf = hostile.peerId.toString() as PeerId
    const outcomes: unknown[] = []
    const sends = Array.from({ length: OUTBOUND_MAX + 100 }, () =>
      victim.network.channels.send(deaf, new Uint8Array(4096)).catch((error: unknown) => outcomes.push(codeOf(error))),
    )
    await until(() => outcomes.length >= 100)
    await victim.network.channels.send(friend.network.peerId, Uint8Array.of(1), { addresses: friend.network.addresses() })
    await until(() => heard.length === 1)
    expect(outcomes).toEqual(Array(100).fill('UNREACHABLE'))
    expect(await metrics.metrics()).toMatch(/weft_control_unsent_total\{reason="full"\} 100/)
    await hostile.stop()
    await Promise.all(sends)
  })
})
