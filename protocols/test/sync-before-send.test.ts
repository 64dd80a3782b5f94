// Goal: whatever a peer may be held to is synced to disk before the message that it can be held to leaves.
import type { JobRequest } from '@weft/protocols/core'
import { MemoryStore, SimulatedMesh, SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { MessageOpener, type Received } from '@weft/protocols/wire'
import { expect, test } from 'vitest'

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

/** Both sides' writes and messages, in order, of a job that runs to its end. */
async function wholeJob(request: JobRequest = someRequest()): Promise<Record<'provider' | 'renter', Step[]>> {
  const logs = { provider: [] as Step[], renter: [] as Step[] }
  const mesh = new SimulatedMesh()
  const join = mesh.network.join.bind(mesh.network)
  let joining = logs.provider
  mesh.network.join = (id) => {
    const ports = join(id)
    const log = joining
    const { channels } = ports
    const send: typeof channels.send = (to, bytes, options) => {
      const message = opener.open(bytes)
      if (message instanceof Error) throw message
      log.push({ sent: message })
      return channels.send(to, bytes, options)
    }
    return {
      ...ports,
      channels: { listen: channels.listen.bind(channels), disconnect: channels.disconnect.bind(channels), send },
    }
  }
  await mesh.add({ capacity: someCapacity() }, { runMs: 25_000 }, {}, new RecordingStore(logs.provider))
  joining = logs.renter
  const renter = await mesh.add(undefined, {}, {}, new RecordingStore(logs.renter))
  await mesh.time.run(5_000)
  await renter.host.submit(request)
  await mesh.time.run(mesh.time.nowMs + 120_000)
  expect(renter.host.job(request.jobId)).toMatchObject({ state: 'done' })
  return logs
}

/** Keys that were synced before the first message of this kind left. */
function syncedBefore(log: readonly Step[], kind: Received['kind']): string[] {
  const at = log.findIndex((step) => 'sent' in step && step.sent.kind === kind)
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
]

test.each(PROMISES)('a %s syncs what its %s rests on before that leaves', async (who, kind, keys) => {
  const synced = syncedBefore((await wholeJob())[who], kind)
  for (const key of keys)
    expect(
      synced.some((one) => key.test(one)),
      `${key} before the ${kind}`,
    ).toBe(true)
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
