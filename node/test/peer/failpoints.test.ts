// Goal: a peer under test dies exactly where it was told to, and nowhere else.
import type { Ports } from '@weft/protocols/host'
import type { ExecutorEvents } from '@weft/protocols/ports'
import { SimulatedSigner } from '@weft/protocols/testing'
import { collectedCodec, Envelopes } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { FAILPOINTS, Failpoints } from '../../src/peer/failpoints.ts'

const NETWORK = 'test'
const LEASE = '0'.repeat(64) as never

/** Ports that write down what is asked of them; `died` stands where the peer would have been killed. */
function scene(failpoint: string) {
  const done: string[] = []
  const signer = new SimulatedSigner(1)
  let events: ExecutorEvents | undefined
  const listen = (heard: ExecutorEvents): void => {
    events = heard
  }
  const bare = {
    signer,
    store: { batch: (ops: { key: string }[]) => void done.push(...ops.map(({ key }) => key)) },
    channels: { send: async () => void done.push('sent') },
    pubsub: {},
    results: {},
    executor: { listen, start: async () => void done.push('started') },
  }
  const ports = new Failpoints(failpoint, () => void done.push('died')).ports(NETWORK, bare as unknown as Ports)
  return {
    done,
    write: (key: string, value: object) =>
      ports.store.batch([{ key, value: Buffer.from(JSON.stringify({ mono: 0, value })) }], { sync: true }),
    send: () =>
      ports.channels.send('p' as never, new Envelopes(NETWORK, signer).seal(collectedCodec, { leaseId: LEASE }, signer).bytes),
    start: () => ports.executor?.start(LEASE),
    exit() {
      ports.executor?.listen({ progress: () => {}, exited: () => void done.push('exited') })
      events?.exited(LEASE, { exitCode: 0, outOfMemory: false })
    },
  }
}

test.each([
  ['persist-lease-running', 'lease/1', { state: { stage: 'running' } }],
  ['persist-job-awarding', 'job/1', { state: { name: 'awarding' } }],
  ['persist-answer', 'job/1/answer', {}],
  ['persist-document', 'document/1/award', {}],
  ['persist-receipt', 'receipt/1/0000000001/0', {}],
  ['persist-countersignature', 'receipt/1/0000000001/1', {}],
  ['persist-announcement', 'announcement', {}],
])('%s: before, nothing of %s is written; after, all of it', (point, key, value) => {
  const [before, after] = [scene(`before-${point}`), scene(`after-${point}`)]
  before.write(key, value)
  after.write(key, value)
  expect(before.done).toEqual(['died', key])
  expect(after.done).toEqual([key, 'died'])
})

test('a message is known by its kind, and has left once sending it ended', async () => {
  const [before, after, other] = ['before-send-collected', 'after-send-collected', 'before-send-award'].map(scene)
  for (const one of [before, after, other]) await one?.send()
  expect([before?.done, after?.done, other?.done]).toEqual([['died', 'sent'], ['sent', 'died'], ['sent']])
})

test("calls of the executor and its word of a container's end are places to die at", async () => {
  const [start, exit] = [scene('after-start'), scene('before-exit')]
  await start.start()
  exit.exit()
  expect([start.done, exit.done]).toEqual([
    ['started', 'died'],
    ['died', 'exited'],
  ])
})

test('a point with a number kills when it is passed that often, and once', () => {
  const { done, write } = scene('before-persist-receipt:2')
  for (const seq of [1, 2, 3]) write(`receipt/1/${seq}/0`, {})
  expect(done).toEqual(['receipt/1/1/0', 'died', 'receipt/1/2/0', 'receipt/1/3/0'])
})

test.each(['', 'before-nothing', 'persist-receipt', 'before-persist-receipt:0', 'before-persist-receipt:x'])(
  '%j is no failpoint',
  (text) => expect(() => new Failpoints(text)).toThrow(/WEFT_FAILPOINT takes a name/),
)

test('every kind has both sides, and each role more than twenty points', () => {
  for (const names of Object.values(FAILPOINTS)) {
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(20)
    for (const name of names)
      expect(names).toContain(name.startsWith('before') ? name.replace('before', 'after') : name.replace('after', 'before'))
  }
})
