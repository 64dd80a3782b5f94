import type { PeerId } from '@weft/protocols'
import { fitAddresses } from '@weft/protocols/wire'
import { afterEach, expect, test } from 'vitest'
import { quietPort } from '../../../.tools/quiet-port.mjs'
import { idOf, type PeerOptions, TestMesh, type TestPeer, until } from './mesh.ts'

let mesh = new TestMesh()

afterEach(async () => {
  await mesh.close()
  mesh = new TestMesh()
})

const addressOf = (peer: TestPeer): string => peer.network.addresses()[0] ?? ''
const relayedOf = (peer: TestPeer): string[] => peer.network.addresses().filter((address) => address.includes('/p2p-circuit/'))
const warnings = (peer: TestPeer) => peer.log.filter(({ level, text }) => level === 'warn' && text.includes('relay'))

/** A relay, at an address that it has again after a restart. */
async function relayAt(options: PeerOptions = {}): Promise<TestPeer> {
  const relay = await mesh.peer({ mode: 'bootstrap', listen: [`/ip4/127.0.0.1/tcp/${await quietPort()}`], ...options })
  await relay.network.start()
  return relay
}

const again = (relay: TestPeer, address: string): Promise<TestPeer> =>
  relayAt({ folder: relay.folder, privateKey: relay.privateKey, listen: [address.replace(/\/p2p\/.*/, '')] })

/** A peer that nobody can dial, and that keeps up no connection of its own. */
async function hidden(relays: readonly string[], options: PeerOptions = {}): Promise<TestPeer & { heard: [PeerId, number[]][] }> {
  const peer = await mesh.peer({ listen: [], bootstrap: relays, relay: true, connections: 0, ...options })
  const heard = hear(peer)
  await peer.network.start()
  return { ...peer, heard }
}

function hear(peer: TestPeer): [PeerId, number[]][] {
  const heard: [PeerId, number[]][] = []
  peer.network.channels.listen({
    message: (from, bytes) => heard.push([from, [...bytes]]),
    connected: () => {},
    disconnected: () => {},
  })
  return heard
}

test('a peer that listens nowhere is asked and answers through its bootstrap peer, once it has started', async () => {
  const relay = await relayAt()
  const provider = await hidden([addressOf(relay)])
  const addresses = provider.network.addresses()
  expect(addresses).toEqual([`${addressOf(relay)}/p2p-circuit/p2p/${idOf(provider)}`])

  const renter = await mesh.peer({ listen: [], connections: 0 })
  const heard = hear(renter)
  await renter.network.start()
  await renter.network.channels.send(idOf(provider), Uint8Array.of(7), { addresses })
  await until(() => provider.heard.length > 0)
  expect(provider.heard).toEqual([[idOf(renter), [7]]])
  await provider.network.channels.send(idOf(renter), Uint8Array.of(8))
  await until(() => heard.length > 0)
  expect(heard).toEqual([[idOf(provider), [8]]])
  expect(renter.network.peers().find(({ peerId }) => peerId === idOf(provider))).toMatchObject({ relayed: true })
})

test('a start succeeds while the relay is down, says so once, and the slot is there when the relay has come up', async () => {
  const former = await relayAt()
  const address = addressOf(former)
  await former.stop()
  const provider = await hidden([address])
  expect(provider.network.addresses()).toEqual([])
  expect(warnings(provider).map(({ fields }) => fields)).toMatchObject([{ relay: address }])
  await again(former, address)
  await until(() => relayedOf(provider).length > 0)
  expect(warnings(provider)).toHaveLength(1)
})

test('a slot that is lost with its relay is withdrawn, and taken again when the relay is back', async () => {
  const relay = await relayAt()
  const address = addressOf(relay)
  const provider = await hidden([address])
  expect(relayedOf(provider)).not.toEqual([])
  await relay.stop()
  await until(() => relayedOf(provider).length === 0)
  await again(relay, address)
  await until(() => relayedOf(provider).length > 0)
  expect(provider.network.addresses()).toEqual([`${address}/p2p-circuit/p2p/${idOf(provider)}`])
})

test('one relay that is down does not keep another from giving a slot', async () => {
  const [relay, gone] = await Promise.all([relayAt(), relayAt()])
  const addresses = [addressOf(gone), addressOf(relay)]
  await gone.stop()
  const provider = await hidden(addresses)
  expect(relayedOf(provider).map((address) => address.split('/p2p-circuit')[0])).toEqual([addressOf(relay)])
})

test('an order has room for the relayed address of a peer that has many others', async () => {
  const relay = await relayAt()
  const listen = Array.from({ length: 8 }, () => '/ip4/127.0.0.1/tcp/0')
  const renter = await hidden([addressOf(relay)], { listen })
  const addresses = renter.network.addresses()
  expect(addresses).toHaveLength(listen.length + 1)
  expect(fitAddresses(addresses, 'order')).toContain(relayedOf(renter)[0])
})

test('a listen address that is taken fails the start with a relay as without', async () => {
  const relay = await relayAt()
  const [taken = ''] = addressOf(relay).split('/p2p/')
  await expect(hidden([addressOf(relay)], { listen: [taken] })).rejects.toMatchObject({ code: 'PORT_IN_USE' })
})

test('a relay without a bootstrap peer is refused', async () => {
  await expect(hidden([])).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('--bootstrap') })
})
