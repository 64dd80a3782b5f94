// Goal: no checker of a run is blind. Each test switches one guard of some hosts off and sees the checker that guards it fail.
import type { Ports } from '@weft/protocols/host'
import type { ChannelEvents, Executor } from '@weft/protocols/ports'
import { acceptanceCodec, countersignatureCodec, Envelopes, MessageOpener, type Received } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import type { Tamper } from '../../src/faults/trouble.ts'
import { aMarket, type MarketInit, run } from './a-market.ts'

const NETWORK = 'sim-1'

/** What the checkers say with the guard and without it. */
async function withAndWithout(init: MarketInit, tamper: Tamper): Promise<{ honest: string[]; tampered: string[] }> {
  const honest = await run(aMarket(init))
  const tampered = await run(aMarket(init), tamper)
  return { honest: honest.broken, tampered: tampered.broken }
}

/** Messages that come in are shown to `hear`; those for which it gives true never reach the host. */
function hearing(ports: Ports, hear: (message: Received) => boolean): Ports {
  const opener = new MessageOpener(NETWORK, ports.signer)
  const listen = (events: ChannelEvents) =>
    ports.channels.listen({
      message: (from, bytes) => {
        const message = opener.open(bytes)
        if (message instanceof Error || !hear(message)) events.message(from, bytes)
      },
      connected: (peer) => events.connected(peer),
      disconnected: (peer) => events.disconnected(peer),
    })
  const { channels } = ports
  return {
    ...ports,
    channels: { listen, send: channels.send.bind(channels), disconnect: channels.disconnect.bind(channels) },
  }
}

test('a store that says it wrote what it did not is seen once its peer comes back', async () => {
  const tamper: Tamper = (_peer, ports) => {
    const { store } = ports
    return { ...ports, store: { get: store.get.bind(store), list: store.list.bind(store), batch: () => undefined } }
  }
  const script = [{ atSeconds: 200, do: 'crash', share: 1, of: 'all' } as const, { atSeconds: 220, do: 'return' } as const]
  const { honest, tampered } = await withAndWithout({ jobSeconds: 200, script }, tamper)
  expect(honest).toEqual([])
  expect(tampered).toContain('durability')
})

/** Engines that do nothing when they are told to. */
const deafTo =
  (...calls: string[]): Tamper =>
  (_peer, ports) => {
    const { executor } = ports
    if (executor === undefined) return ports
    const deaf = new Proxy(executor, {
      get: (target, name) => (calls.includes(String(name)) ? async () => {} : bound(target, name)),
    })
    return { ...ports, executor: deaf }
  }

test('an engine that does not stop what it is told to stop outlives its permit', async () => {
  const attack = { kind: 'free-riders', share: 1 } as const
  const deaf = deafTo('pause', 'stop')
  const tamper: Tamper = (peer, ports) => unguarded(peer, deaf(peer, ports))
  const { honest, tampered } = await withAndWithout({ jobSeconds: 400, attack }, tamper)
  expect(honest).toEqual([])
  expect(tampered).toEqual(expect.arrayContaining(['credit', 'loss', 'permit']))
})

test('an engine that does not pause what nobody pays for works beyond the credit of each renter, and of all strangers', async () => {
  const attack = { kind: 'free-riders', share: 1 } as const
  const init: MarketInit = { jobs: 40, jobSeconds: 400, attack, providerShare: 0.2, strangersCreditSeconds: 40 }
  const { honest, tampered } = await withAndWithout(init, deafTo('pause', 'stop'))
  expect(honest).toEqual([])
  expect(tampered).toEqual(expect.arrayContaining(['credit', 'loss', 'strangers']))
})

test('a renter that countersigns whatever comes pays for more than ran, and for two receipts with one number', async () => {
  const tamper: Tamper = (_peer, ports) => {
    const envelopes = new Envelopes(NETWORK, ports.signer)
    const sign = (message: Received): boolean => {
      if (message.kind !== 'receipt') return false
      const { leaseId, seq } = message.value
      const value = { leaseId, seq, receiptId: message.id, accepted: true, objection: undefined, permitMs: 40_000 }
      void ports.channels.send(message.from, envelopes.seal(countersignatureCodec, value, ports.signer).bytes).catch(() => {})
      return true
    }
    return hearing(ports, sign)
  }
  const init = { faults: { byzantineShare: 0.6 }, jobSeconds: 100, renterShare: 0.5, peers: 24, jobs: 16 }
  const { honest, tampered } = await withAndWithout(init, tamper)
  expect(honest).toEqual([])
  expect(tampered).toEqual(expect.arrayContaining(['chain', 'credit']))
})

test('a provider that accepts every award promises more than it has', async () => {
  const tamper: Tamper = (_peer, ports) => {
    const envelopes = new Envelopes(NETWORK, ports.signer)
    const accept = (message: Received): boolean => {
      if (message.kind !== 'award') return false
      const value = { leaseId: message.id as never }
      void ports.channels.send(message.from, envelopes.seal(acceptanceCodec, value, ports.signer).bytes).catch(() => {})
      return true
    }
    return hearing(ports, accept)
  }
  const { honest, tampered } = await withAndWithout({ arrivals: 'all-at-once', jobs: 20, providerShare: 0.3 }, tamper)
  expect(honest).toEqual([])
  expect(tampered).toContain('capacity')
})

test('a renter whose clock runs twice as fast fills a slot whose first attempt still runs', async () => {
  const tamper: Tamper = (_peer, ports) => {
    if (ports.executor !== undefined) return ports
    const { clock } = ports
    // Nobody tells it the time: it would see that its clocks part, and ask for nothing any more.
    const deaf = hearing(ports, ({ kind }) => kind === 'hello')
    return {
      ...deaf,
      clock: {
        era: clock.era,
        monoMs: () => 2 * clock.monoMs(),
        wallMs: () => clock.wallMs(),
        after: (ms, callback) => clock.after(ms / 2, callback),
        set: (alarm, ms) => clock.set(alarm, ms / 2),
      },
    }
  }
  const script = [{ atSeconds: 150, do: 'partition', share: 0.4 } as const, { atSeconds: 190, do: 'heal' } as const]
  const init: MarketInit = { peers: 30, jobs: 6, arrivals: 'all-at-once', jobSeconds: 300, script }
  const { honest, tampered } = await withAndWithout(init, tamper)
  expect(honest).toEqual([])
  expect(tampered).toContain('one-attempt')
})

test('a renter whose timers never fire leaves its jobs open', async () => {
  const tamper: Tamper = (_peer, ports) => {
    const { clock } = ports
    const dead = {
      era: clock.era,
      monoMs: () => clock.monoMs(),
      wallMs: () => clock.wallMs(),
      after: () => () => {},
      set: () => {},
    }
    return ports.executor === undefined ? { ...ports, clock: dead } : ports
  }
  const { honest, tampered } = await withAndWithout({ faults: { lossShare: 0.5 } }, tamper)
  expect(honest).toEqual([])
  expect(tampered).toContain('liveness')
})

/** Machines whose guard lets everything run for ever. */
const unguarded: Tamper = (_peer, ports) => {
  const { executor } = ports
  if (executor === undefined) return ports
  const endless = { untilMono: Number.POSITIVE_INFINITY, graceMs: 0 }
  const own: Partial<Executor> = {
    deliver: (work) => executor.deliver({ ...work, permit: endless }),
    permit: () => {},
  }
  return {
    ...ports,
    executor: new Proxy(executor, { get: (target, name) => Reflect.get(own, name) ?? bound(target, name) }),
  }
}

const CUT_OFF = { partitionsPerHour: 60, partitionSeconds: 200, partitionShare: 0.5 }

test('a frozen provider cannot stop its container: that takes a guard outside of the peer', async () => {
  const faults = { ...CUT_OFF, pausesPerHour: 40, pauseSeconds: 200 }
  const { honest, tampered } = await withAndWithout({ peers: 30, jobs: 30, jobSeconds: 300, faults }, unguarded)
  expect(honest).toEqual([])
  expect(tampered).toContain('permit')
})

test('a provider whose process dies leaves containers that only a guard ends in time', async () => {
  const faults = { ...CUT_OFF, killsPerHour: 20, restartSeconds: 250 }
  const { honest, tampered } = await withAndWithout({ peers: 30, jobs: 30, jobSeconds: 300, faults }, unguarded)
  expect(honest).toEqual([])
  expect(tampered).toContain('permit')
})

test('a container that ends while its provider stands still is billed as it was claimed before, not until the provider goes on', async () => {
  const attack = { kind: 'liars', of: 'providers', role: 'replayer', share: 1 } as const
  const faults = { pausesPerHour: 60, pauseSeconds: 40 }
  const { broken, metric } = await run(aMarket({ peers: 30, jobs: 40, jobSeconds: 60, attack, faults }))
  expect(broken).toEqual([])
  expect(metric('leasesWithByzantineProviders')).toBeGreaterThan(10)
})

function bound(target: object, name: string | symbol): unknown {
  const value = Reflect.get(target, name) as unknown
  return typeof value === 'function' ? (value.bind(target) as unknown) : value
}
