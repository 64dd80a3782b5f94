import { jobId } from '@weft/protocols'
import type { Note } from '@weft/protocols/core'
import { Host, type Ports } from '@weft/protocols/host'
import type { ChannelEvents, GossipHandler, Store, StoreOp } from '@weft/protocols/ports'
import {
  FastSigner,
  MemoryStore,
  SeededRandom,
  SimulatedExecutor,
  someCapacity,
  someOrder,
  someRequest,
  VirtualTime,
} from '@weft/protocols/testing'
import { MessageOpener, orderCodec, orderTopic, peerIdOf } from '@weft/protocols/wire'
import { expect, test } from 'vitest'

// The order persist, send, execute, wake over stores that are done at once and over stores that take their time.

const signer = new FastSigner(1)
const renter = new FastSigner(2)
const renterId = peerIdOf(renter.publicKey)

/** A store whose batches are written when the test says so. */
class SlowStore implements Store {
  readonly #store = new MemoryStore()
  readonly pending: { ops: readonly StoreOp[]; finish(error?: Error): void }[] = []
  get = (key: string) => this.#store.get(key)
  list = (prefix: string, after?: string) => this.#store.list(prefix, after)
  batch(ops: readonly StoreOp[], options: { sync: boolean }): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error?: Error) => {
        if (error !== undefined) return reject(error)
        this.#store.batch(ops, options)
        resolve()
      }
      this.pending.push({ ops, finish })
    })
  }
}

async function peer(store: Store, provides = true, set: Partial<Ports> = {}) {
  const time = new VirtualTime()
  const log: string[] = []
  const notes: Note[] = []
  const topics = new Map<string, GossipHandler>()
  let channels: ChannelEvents | undefined
  const fatal: unknown[] = []
  const ports: Ports = {
    pubsub: {
      subscribe: (topic, handler) => void topics.set(topic, handler),
      unsubscribe: (topic) => void topics.delete(topic),
      publish: async (topic) => {
        log.push(`publish ${topic.split('/')[3]}`)
        return { recipients: 0 }
      },
    },
    directory: {
      put: async () => {},
      get: async () => undefined,
      provide: async () => {},
      find: async () => [],
      networkSize: () => 1,
    },
    channels: {
      listen: (events) => {
        channels = events
      },
      send: async () => void log.push('send'),
      disconnect: () => log.push('disconnect'),
    },
    store,
    executor: new SimulatedExecutor(time),
    results: { listen: () => {}, follow: () => {}, finish: async () => {}, drop: () => {} },
    signer,
    clock: time.clock(),
    random: new SeededRandom(1),
    ...set,
  }
  const host = await Host.open({
    network: 'test',
    peerId: peerIdOf(signer.publicKey),
    agent: 'test',
    provider: provides ? { capacity: someCapacity() } : undefined,
    addresses: () => [],
    ports,
    onNote: (note) => notes.push(note),
    onFatal: (error) => fatal.push(error),
  })
  /** Begins, and waits for what the executor says of its machine. */
  const start = async (): Promise<void> => {
    await host.start()
    await time.run(0)
  }
  return { host, start, time, log, notes, topics, fatal, channels: () => channels as ChannelEvents }
}

const orderBytes = (nonce: number, set: Parameters<typeof someOrder>[0] = {}) =>
  new MessageOpener('test', renter).envelopes.seal(
    orderCodec,
    someOrder({ nonce: new Uint8Array(16).fill(nonce), ...set }),
    renter,
  ).bytes

test('over a store that is done when its call returns, a bid leaves before the order handler does', async () => {
  const { start, log, topics } = await peer(new MemoryStore())
  await start()
  log.length = 0
  expect(topics.get(orderTopic('test', 'cpu'))?.hear(renterId, orderBytes(1), orderTopic('test', 'cpu'))).toBe('accept')
  expect(log).toEqual(['send'])
})

test('nothing leaves before its own commit, and what queues meanwhile shares the next', async () => {
  const store = new SlowStore()
  const { host, log } = await peer(store, false)
  const started = host.start()
  await started
  const first = host.submit(someRequest({ jobId: jobId('01'.repeat(16)) }))
  const second = host.submit(someRequest({ jobId: jobId('02'.repeat(16)) }))
  const third = host.submit(someRequest({ jobId: jobId('03'.repeat(16)) }))
  expect(store.pending.map(({ ops }) => ops.length)).toEqual([1])
  expect(log).toEqual([])
  store.pending[0]?.finish()
  for (let turn = 0; turn < 8; turn++) await undefined
  expect(store.pending[1]?.ops.map(({ key }) => key)).toEqual([`job/${'02'.repeat(16)}`, `job/${'03'.repeat(16)}`])
  expect(log).toEqual(['publish orders'])
  store.pending[1]?.finish()
  await Promise.all([first, second, third])
  expect(log).toEqual(['publish orders', 'publish orders', 'publish orders'])
})

test('a step with nothing to persist waits behind one that is being committed', async () => {
  const store = new SlowStore()
  const { host, log, channels } = await peer(store, false)
  await host.start()
  const submitted = host.submit(someRequest())
  channels().connected(renterId)
  expect(log).toEqual([])
  store.pending[0]?.finish()
  await submitted
  expect(log).toEqual(['publish orders', 'send'])
})

test('a commit that fails stops the peer: the caller hears it, and nothing more leaves', async () => {
  const store = new SlowStore()
  const { host, log, fatal, channels } = await peer(store, false)
  await host.start()
  const submitted = host.submit(someRequest())
  store.pending[0]?.finish(new Error('disk full'))
  await expect(submitted).rejects.toThrow('disk full')
  channels().connected(renterId)
  expect(log).toEqual([])
  expect(fatal).toHaveLength(1)
})

test('an input that comes while effects are being performed leaves its own behind them', async () => {
  const sent: number[] = []
  const holder: { events?: ChannelEvents } = {}
  let count = 0
  const { host } = await peer(new MemoryStore(), true, {
    channels: {
      listen: (events) => {
        holder.events = events
      },
      send: async () => {
        count += 1
        const mine = count
        // A port that calls back at once, in the middle of a send.
        if (mine === 1) holder.events?.connected(peerIdOf(new FastSigner(3).publicKey))
        sent.push(mine)
      },
      disconnect: () => {},
    },
  })
  await host.start()
  holder.events?.connected(renterId)
  expect(sent).toEqual([1, 2])
})

test('an order outside its audience costs a peer nothing and is passed on', async () => {
  const { start, log, notes, topics } = await peer(new MemoryStore())
  await start()
  const before = notes.length
  log.length = 0
  const topic = orderTopic('test', 'cpu')
  expect(topics.get(topic)?.hear(renterId, orderBytes(1, { audience: 0 }), topic)).toBe('accept')
  expect(notes.slice(before)).toEqual([])
  expect(log).toEqual([])
})

test('an order on the topic of another class, or of no class, is rejected', async () => {
  const { start, topics } = await peer(new MemoryStore())
  await start()
  const handler = topics.get(orderTopic('test', 'cpu'))
  expect(handler?.hear(renterId, orderBytes(1), orderTopic('test', 'gpu'))).toBe('reject')
  expect(handler?.hear(renterId, orderBytes(1), '/weft/test/orders/none/1')).toBe('reject')
})
