import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { BAN_MS, RECORD_BYTES_MAX } from '@weft/node/network'
import type { PeerId } from '@weft/protocols'
import { peerIdOf } from '@weft/protocols/wire'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, test } from 'vitest'
import { forcePut, type Hostile, hostilePeer, keyOfNobody } from './hostile.ts'
import { idOf, record, TestMesh, type TestPeer, TOPIC, until } from './mesh.ts'

let mesh = new TestMesh()
const hostiles: Hostile[] = []

afterEach(async () => {
  await Promise.all(hostiles.splice(0).map((one) => one.stop()))
  await mesh.close()
  mesh = new TestMesh()
})

const addressOf = (peer: TestPeer): string => peer.network.addresses()[0] ?? ''

const idOfNobody = async (): Promise<PeerId> => peerIdOf((await generateKeyPair('Ed25519')).publicKey.raw)

/** Takes connections and says nothing. */
async function muteServer(onClosed: () => void): Promise<{ address: string; close(): void }> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket
      .resume()
      .on('error', () => {})
      .on('close', onClosed)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

async function hostile(privateKey?: Parameters<typeof hostilePeer>[0]): Promise<Hostile> {
  const one = await hostilePeer(privateKey)
  hostiles.push(one)
  return one
}

async function started(options: Parameters<TestMesh['peer']>[0] = {}): Promise<TestPeer> {
  const peer = await mesh.peer(options)
  await peer.network.start()
  return peer
}

describe('who may connect', () => {
  test('a peer whose key is of small order is refused, though its handshake verifies', async () => {
    const victim = await started()
    const forger = await hostile(keyOfNobody())
    // The dialler of a noise handshake is done before the other side has looked at its key.
    await forger.dial(multiaddr(addressOf(victim))).catch(() => {})
    await until(() => forger.getConnections().length === 0)
    expect(victim.network.connectionCount).toBe(0)
    const honest = await hostile()
    await honest.dial(multiaddr(addressOf(victim)))
    await until(() => victim.network.connectionCount === 1)
  })

  test('peers of two network ids never get as far as a connection', async () => {
    const here = await started()
    const there = await started({ network: 'other' })
    await expect(there.network.dial(addressOf(here))).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect([here.network.connectionCount, there.network.connectionCount]).toEqual([0, 0])
  })

  test('a peer that was disconnected for a reason cannot come back at once', async () => {
    const first = await started()
    const second = await hostile()
    await second.dial(multiaddr(addressOf(first)))
    await until(() => first.network.connectionCount === 1)
    first.network.channels.disconnect(second.peerId.toString() as PeerId, 'a test')
    await until(() => second.getConnections().length === 0)
    await second.dial(multiaddr(addressOf(first))).catch(() => {})
    await until(() => second.getConnections().length === 0)
    expect(first.network.connectionCount).toBe(0)
  })

  test('a ban goes by the monotonic clock, however the wall clock is set', async () => {
    const clock = { wallMs: Date.now(), monoMs: 0 }
    const first = await started({ now: () => clock.wallMs, monoMs: () => clock.monoMs })
    const second = await hostile()
    await second.dial(multiaddr(addressOf(first)))
    await until(() => first.network.connectionCount === 1)
    first.network.channels.disconnect(second.peerId.toString() as PeerId, 'a test')
    await until(() => second.getConnections().length === 0)
    clock.wallMs += 24 * 3_600_000
    await second.dial(multiaddr(addressOf(first))).catch(() => {})
    await until(() => second.getConnections().length === 0)
    expect(first.network.connectionCount).toBe(0)
    clock.monoMs += BAN_MS
    await second.dial(multiaddr(addressOf(first)))
    await until(() => first.network.connectionCount === 1)
  })

  test('ten peers of one machine join at the same moment', async () => {
    const hub = await started()
    const bootstrap = [addressOf(hub)]
    await Promise.all(Array.from({ length: 10 }, () => started({ bootstrap })))
    await until(() => hub.network.peers().length === 10)
  })
})

describe('staying connected', () => {
  test('newcomers find each other through one peer that all know', async () => {
    const hub = await started({ mode: 'bootstrap' })
    const peers = await Promise.all([1, 2, 3].map(() => started({ bootstrap: [addressOf(hub)] })))
    await until(() => peers.every(({ network }) => network.peers().length >= 3))
  })

  test('a restarted peer rejoins from its own peer book when the bootstrap is dead', async () => {
    const hub = await started({ mode: 'bootstrap' })
    const bootstrap = [addressOf(hub)]
    const stayer = await started({ bootstrap })
    const leaver = await mesh.peer({ bootstrap })
    const met: PeerId[] = []
    leaver.network.channels.listen({ message: () => {}, connected: (peer) => met.push(peer), disconnected: () => {} })
    await leaver.network.start()
    const sees = (from: TestPeer, id: PeerId) => from.network.peers().some((peer) => peer.peerId === id)
    await until(() => met.includes(idOf(stayer)))
    await leaver.stop()
    await hub.stop()
    const back = await started({ bootstrap, folder: leaver.folder, privateKey: leaver.privateKey })
    expect(idOf(back)).toBe(idOf(leaver))
    await until(() => sees(back, idOf(stayer)))
  })

  test('neighbours that come and go are told of', async () => {
    const first = await started()
    const seen: string[] = []
    first.network.channels.listen({
      message: () => {},
      connected: (peer) => seen.push(`+${peer}`),
      disconnected: (peer) => seen.push(`-${peer}`),
    })
    const second = await started({ bootstrap: [addressOf(first)] })
    await until(() => seen.includes(`+${idOf(second)}`))
    await second.stop()
    await until(() => seen.includes(`-${idOf(second)}`))
    expect(seen).toEqual([`+${idOf(second)}`, `-${idOf(second)}`])
  })

  test('messages go to a peer that only its addresses lead to', async () => {
    const first = await started()
    const second = await started()
    const heard: PeerId[] = []
    second.network.channels.listen({ message: (from) => heard.push(from), connected: () => {}, disconnected: () => {} })
    await first.network.channels.send(idOf(second), Uint8Array.of(1), { addresses: second.network.addresses() })
    await until(() => heard.length === 1)
    expect(heard).toEqual([idOf(first)])
  })

  test('a dial is given up when all have whose messages it is for, and goes on while one has not', async () => {
    const first = await started()
    const events: string[] = []
    const servers = await Promise.all(['shared', 'alone'].map((name) => muteServer(() => events.push(`${name} closed`))))
    const send = async (name: string, to: PeerId, addresses: string[], withinMs?: number) => {
      const sent = first.network.channels.send(to, Uint8Array.of(1), { addresses, withinMs })
      await expect(sent).rejects.toMatchObject({ code: 'UNREACHABLE' })
      events.push(name)
    }
    try {
      const [one, two] = await Promise.all([idOfNobody(), idOfNobody()])
      const [shared, alone] = servers.map(({ address }) => [address]) as [string[], string[]]
      await Promise.all([send('patient', one, shared), send('hasty', one, shared, 20), send('alone', two, alone, 500)])
      await until(() => new Set(events).size === 5)
      expect(events.indexOf('hasty')).toBeLessThan(events.indexOf('patient'))
      expect(events.indexOf('alone closed')).toBeLessThan(events.indexOf('shared closed'))
    } finally {
      for (const server of servers) server.close()
    }
  })
})

describe('the directory', () => {
  test('an older record that a peer replays is refused by its holder', async () => {
    const holder = await started()
    await holder.network.directory.put('capacity/x', record({ seq: 2, text: 'new' }))
    const replayer = await hostile()
    await replayer.dial(multiaddr(addressOf(holder)))
    await until(async () => (await forcePut(replayer, 'capacity/other', record({ seq: 1 }))) === 1)
    expect(await forcePut(replayer, 'capacity/x', record({ seq: 1, text: 'old' }))).toBe(0)
    const kept = await holder.network.directory.get('capacity/x')
    expect(new TextDecoder().decode(kept)).toContain('new')
  })

  test('a holder remembers the newest record across a restart', async () => {
    const first = await started()
    await first.network.directory.put('capacity/x', record({ seq: 5 }))
    await first.stop()
    const back = await started({ folder: first.folder, privateKey: first.privateKey })
    await expect(back.network.directory.put('capacity/x', record({ seq: 4 }))).rejects.toMatchObject({ code: 'STALE_RECORD' })
  })

  const refused = [
    { name: 'is no record', value: () => Uint8Array.of(1, 2, 3) },
    { name: 'is larger than a capacity can be', value: () => record({ seq: 1, text: 'x'.repeat(RECORD_BYTES_MAX) }) },
    { name: 'has expired', value: () => record({ seq: 1, expiresAtMs: Date.now() - 1 }) },
  ]
  for (const { name, value } of refused) {
    test(`what ${name} is stored by nobody`, async () => {
      const victim = await started()
      const attacker = await hostile()
      await attacker.dial(multiaddr(addressOf(victim)))
      await until(async () => (await forcePut(attacker, 'capacity/good', record({ seq: 1 }))) === 1)
      expect(await forcePut(attacker, 'capacity/bad', value())).toBe(0)
      expect(await victim.network.directory.get('capacity/bad')).toBeUndefined()
      await expect(victim.network.directory.put('capacity/bad', value())).rejects.toThrow()
    })
  }

  test('a record is gone once it has expired', async () => {
    let nowMs = 1_000
    const only = await started({ now: () => nowMs })
    await only.network.directory.put('capacity/x', record({ seq: 1, expiresAtMs: 2_000 }))
    expect(await only.network.directory.get('capacity/x')).toBeDefined()
    nowMs = 3_000
    expect(await only.network.directory.get('capacity/x')).toBeUndefined()
  })
})

describe('gossip', () => {
  test('a rejected message goes no further, an accepted one does', async () => {
    // A line of three: what the last hears, the middle has passed on.
    const middle = await started({ connections: 0 })
    const ends = await Promise.all([1, 2].map(() => started({ connections: 0, mode: 'client' })))
    for (const end of ends) await end.network.dial(addressOf(middle))
    const [from, to] = ends as [TestPeer, TestPeer]
    const heard: number[] = []
    middle.network.pubsub.subscribe(TOPIC, { hear: (_author, bytes) => (bytes[0] === 1 ? 'accept' : 'reject') })
    const hear = (_author: unknown, bytes: Uint8Array) => {
      heard.push(bytes[0] ?? -1)
      return 'accept' as const
    }
    to.network.pubsub.subscribe(TOPIC, { hear })
    await until(async () => {
      await from.network.pubsub.publish(TOPIC, Uint8Array.of(0, ...crypto.getRandomValues(new Uint8Array(8))))
      await from.network.pubsub.publish(TOPIC, Uint8Array.of(1, ...crypto.getRandomValues(new Uint8Array(8))))
      return heard.length > 0
    })
    expect(new Set(heard)).toEqual(new Set([1]))
  })

  test('whoever keeps sending invalid messages is disconnected', async () => {
    const [victim, spammer] = await mesh.connected(2)
    victim?.network.pubsub.subscribe(TOPIC, { hear: () => 'reject' })
    await until(async () => {
      await spammer?.network.pubsub.publish(TOPIC, crypto.getRandomValues(new Uint8Array(16)))
      return victim?.network.connectionCount === 0
    })
    expect(victim?.log.some(({ fields }) => 'code' in fields && fields.code === 'GOSSIP_REJECTED')).toBe(true)
  })

  test('a topic that does not exist and a message that is too large are refused before sending', async () => {
    const only = await started({ topicBytesMax: () => 100 })
    expect(() => only.network.pubsub.subscribe('/weft/test/else/1', { hear: () => 'accept' })).toThrow(/no topic/)
    await expect(only.network.pubsub.publish(TOPIC, new Uint8Array(101))).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })
})

describe('starting', () => {
  test('a port in use is one clear error', async () => {
    const first = await started()
    const address = addressOf(first).split('/p2p/')[0] ?? ''
    const second = await mesh.peer({ listen: [address] })
    await expect(second.network.start()).rejects.toMatchObject({ code: 'PORT_IN_USE' })
  })

  test('a bootstrap address that is none is refused by name', async () => {
    await expect(mesh.peer({ bootstrap: ['/ip4/127.0.0.1/tcp/1'] })).rejects.toThrow(/no peer address/)
  })

  test('violations and bytes are counted in the registry that was given', async () => {
    const metrics = new Registry()
    const [first, second] = await mesh.connected(2)
    const counted = await started({ metrics, bootstrap: [addressOf(first as TestPeer)] })
    await until(() => counted.network.peers().length > 0)
    await counted.network.channels.send(idOf(first as TestPeer), Uint8Array.of(1))
    counted.network.channels.disconnect(idOf(second as TestPeer), 'a test')
    const text = await metrics.metrics()
    expect(text).toMatch(/weft_control_messages_total\{direction="out"\} 1/)
    expect(text).toMatch(/weft_network_violations_total\{reason="APPLICATION"\} 1/)
    expect(text).toMatch(/libp2p_/)
  })
})
