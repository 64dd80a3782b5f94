// Goal: whatever a peer may be held to is synced to disk before the message that it can be held to leaves.
import { micros } from '@weft/protocols'
import { type JobRequest, KEYS } from '@weft/protocols/core'
import { MemoryStore, SimulatedMesh, SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { MessageOpener, type Received } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { rentFrom, sellTo, stranger } from './stranger.ts'

const opener = new MessageOpener('test', new SimulatedSigner(0))

type Step = { synced: string } | { written: string } | { sent: Received }

/** A store that writes down what it was asked to write, and to sync. */
class RecordingStore extends MemoryStore {
  readonly #log: Step[]

  constructor(log: Step[]) {
    super()
    this.#log = log
  }

  override batch(...[ops, options]: Parameters<MemoryStore['batch']>): void {
    super.batch(ops, options)
    for (const { key } of ops) this.#log.push(options.sync ? { synced: key } : { written: key })
  }
}

/** A mesh of peers whose writes and messages are written down. */
function watchedMesh() {
  const mesh = new SimulatedMesh()
  const join = mesh.network.join.bind(mesh.network)
  let log: Step[] = []
  mesh.network.join = (id) => {
    const ports = join(id)
    const own = log
    const { channels } = ports
    const send: typeof channels.send = (to, bytes, options) => {
      const message = opener.open(bytes)
      if (message instanceof Error) throw message
      own.push({ sent: message })
      return channels.send(to, bytes, options)
    }
    return {
      ...ports,
      channels: { listen: channels.listen.bind(channels), disconnect: channels.disconnect.bind(channels), send },
    }
  }
  /** A peer, and what it writes and sends, in order. */
  const add = async (...[provider, behaviour]: Parameters<SimulatedMesh['add']>) => {
    log = []
    const own = log
    const peer = await mesh.add(provider, behaviour, {}, new RecordingStore(own))
    log = []
    return { peer, log: own }
  }
  return { mesh, add }
}

/** Both sides of a job that runs to its end, of a statement that its renter proposes, and of the provider's word that it was paid. */
async function wholeJob(request: JobRequest = someRequest()): Promise<Record<'provider' | 'renter', Step[]>> {
  const { mesh, add } = watchedMesh()
  const { peer: provider, log: sold } = await add({ capacity: someCapacity() }, { runMs: 25_000 })
  const { peer: renter, log: rented } = await add()
  await mesh.time.run(5_000)
  await renter.host.submit(request)
  await mesh.time.run(mesh.time.nowMs + 120_000)
  expect(renter.host.job(request.jobId)).toMatchObject({ state: 'done' })
  await renter.host.settle()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  await provider.host.acknowledge(renter.id, 'USD', 1, 'invoice 7')
  await mesh.time.run(mesh.time.nowMs + 1_000)
  return { provider: sold, renter: rented }
}

/** Keys that were synced before the first message of this kind left, or the first of those that `which` says. */
function syncedBefore(
  log: readonly Step[],
  kind: Received['kind'],
  which: (message: Received) => boolean = () => true,
): string[] {
  const at = log.findIndex((step) => 'sent' in step && step.sent.kind === kind && which(step.sent))
  expect(at, `a ${kind} is sent`).toBeGreaterThanOrEqual(0)
  return log.slice(0, at).flatMap((step) => ('synced' in step ? [step.synced] : []))
}

const PROMISES: [who: 'provider' | 'renter', kind: Received['kind'], keys: RegExp[]][] = [
  ['renter', 'award', [/^job\/\w+$/]],
  ['provider', 'acceptance', [/^lease\/\w+$/, /^document\/\w+\/award$/, /^document\/\w+\/acceptance$/]],
  ['renter', 'manifest', [/^job\/\w+$/, /^document\/\w+\/award$/, /^document\/\w+\/acceptance$/]],
  ['provider', 'receipt', [/^receipt\/\w+\/0000000001\/0$/, /^sent\/\w+$/]],
  ['renter', 'countersignature', [/^receipt\/\w+\/0000000001\/0$/, /^receipt\/\w+\/0000000001\/1$/]],
  ['provider', 'capacity', [/^announcement$/]],
  ['renter', 'statement', [/^pair\/\w+\/USD$/]],
  ['provider', 'statementAnswer', [/^settled\/.*\/0$/, /^settled\/.*\/1$/, /^stated\//, /^pair\/\w+\/USD$/]],
  ['provider', 'paid', [/^settled\/.*\/2$/, /^pair\/\w+\/USD$/]],
  ['renter', 'paidReceived', [/^settled\/.*\/2$/]],
]

test.each(PROMISES)('a %s syncs what its %s rests on before that leaves', async (who, kind, keys) => {
  expectAll(syncedBefore((await wholeJob())[who], kind), keys)
})

function expectAll(synced: readonly string[], keys: readonly RegExp[]): void {
  for (const key of keys)
    expect(
      synced.some((one) => key.test(one)),
      `${key} is synced by then`,
    ).toBe(true)
}

test('a final receipt, and the answer to it, leave when they are synced', async () => {
  const { provider, renter } = await wholeJob()
  const isFinal = (message: Received) => message.kind === 'receipt' && message.value.final !== undefined
  const final = provider.flatMap((step) => ('sent' in step && isFinal(step.sent) ? [step.sent] : []))[0]
  if (final?.kind !== 'receipt') throw new Error('there is no final receipt')
  const { leaseId, seq } = final.value
  expect(syncedBefore(provider, 'receipt', isFinal)).toContain(KEYS.receipt(leaseId, seq))
  const answers = (message: Received) => message.kind === 'countersignature' && message.value.receiptId === final.id
  const synced = syncedBefore(renter, 'countersignature', answers)
  expect(synced).toContain(KEYS.receipt(leaseId, seq))
  expect(synced).toContain(KEYS.countersignature(leaseId, seq))
  // What its end changes is in the job alone.
  expect(synced.slice(synced.lastIndexOf(KEYS.receipt(leaseId, seq)))).toContain(KEYS.job(someRequest().jobId))
})

test('an objection leaves when it is synced, with the job that it changes', async () => {
  const { mesh, add } = watchedMesh()
  const { peer: renter, log } = await add()
  const liar = stranger(mesh, 77)
  const leaseId = await sellTo(mesh, liar, renter.id, () => renter.host.submit(someRequest()))
  const receipt = { leaseId, seq: 1, prevHash: '', kind: 'interval' as const, sentAtMs: 0, runMs: 3_600_000, pausedMs: 0 }
  liar.say(renter.id, 'receipt', { ...receipt, egressBytes: 0, amount: micros(25_000n), logBytes: 0, final: undefined })
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(liar.last('countersignature')?.value.accepted).toBe(false)
  const before = syncedBefore(log, 'countersignature')
  expectAll(before, [/^receipt\/.*\/0$/, /^receipt\/.*\/1$/])
  expect(before.slice(before.indexOf(KEYS.receipt(leaseId, 1)))).toContain(KEYS.job(someRequest().jobId))
})

test('a provider writes down what an objection took from its claim before it claims anew', async () => {
  const { mesh, add } = watchedMesh()
  const { peer: provider, log } = await add({ capacity: someCapacity() }, { runMs: 60_000 })
  const renter = stranger(mesh, 77)
  const leaseId = await rentFrom(mesh, renter, provider.id)
  await mesh.time.run(mesh.time.nowMs + 10_500)
  const claim = renter.last('receipt')
  if (claim === undefined) throw new Error('the provider sent no receipt')
  const objection = { reason: 'ahead-of-clock' as const, runMs: 8_000, acceptedSeq: 0 }
  const verdict = { leaseId, seq: claim.value.seq, receiptId: claim.id, permitMs: 40_000, accepted: false, objection }
  renter.say(provider.id, 'countersignature', verdict)
  await mesh.time.run(mesh.time.nowMs + 100)
  const isNext = (message: Received) => message.kind === 'receipt' && message.value.seq === claim.value.seq + 1
  const synced = syncedBefore(log, 'receipt', isNext)
  const answered = synced.indexOf(KEYS.countersignature(leaseId, claim.value.seq))
  expect(answered).toBeGreaterThan(0)
  expect(synced.slice(answered)).toContain(KEYS.lease(leaseId))
})

test('every receipt and every verdict is synced before it leaves, and every countersignature before the next receipt', async () => {
  const { provider, renter } = await wholeJob()
  for (const [log, kind, half] of [
    [provider, 'receipt', 0],
    [renter, 'countersignature', 1],
  ] as const) {
    const synced = new Set<string>()
    let count = 0
    for (const step of log) {
      if ('synced' in step) synced.add(step.synced)
      else if ('sent' in step && step.sent.kind === kind) {
        const { leaseId, seq } = step.sent.value
        const number = String(seq).padStart(10, '0')
        expect(synced, `${kind} ${seq}`).toContain(`receipt/${leaseId}/${number}/${half}`)
        // The next receipt rests on the answer to the one before.
        if (kind === 'receipt' && seq > 1) expect(synced).toContain(`receipt/${leaseId}/${String(seq - 1).padStart(10, '0')}/1`)
        count += 1
      }
    }
    expect(count).toBeGreaterThanOrEqual(3)
  }
})

test('no document is ever written without sync', async () => {
  for (const log of Object.values(await wholeJob())) {
    const unsynced = log.flatMap((step) => ('written' in step ? [step.written] : []))
    expect(unsynced.filter((key) => /^(document|receipt|proof|settled)\//.test(key))).toEqual([])
  }
})
