import { audit } from '@weft/protocols/core'
import type { StoreOp } from '@weft/protocols/ports'
import {
  MemoryStore,
  SimulatedMesh,
  type SimulatedPeer,
  SimulatedSigner,
  someCapacity,
  someRequest,
} from '@weft/protocols/testing'
import { expect, test } from 'vitest'

// A peer that dies after any one of the batches of a lease's life goes on as if it had not, from what its store has.

const JOB = someRequest().jobId
const RUN_MS = 65_000

/** What becomes of the last moments of a peer that dies. */
const DEATHS = {
  'the process dies before anything of its last step is sent': { isMute: true, isPowerCut: false },
  'the process dies once its last step was sent': { isMute: false, isPowerCut: false },
  'power fails: what was not synced is lost': { isMute: false, isPowerCut: true },
} as const
type Death = (typeof DEATHS)[keyof typeof DEATHS]

/** A store whose peer dies after one of its batches. */
class MortalStore extends MemoryStore {
  diesAfter = Number.POSITIVE_INFINITY
  onDeath = (): void => {}
  isDead = false
  /** Signed documents that another took the place of. */
  readonly replaced: string[] = []
  readonly #entries = new Map<string, Uint8Array | undefined>()
  /** What undoes the batches after the last one that was synced. */
  #undo: StoreOp[] = []

  override batch(ops: readonly StoreOp[], options: { sync: boolean }): void {
    if (this.isDead) return
    const undo = ops.map(({ key }) => ({ key, value: this.#entries.get(key) }))
    super.batch(ops, options)
    for (const { key, value } of ops) {
      const old = this.#entries.get(key)
      if (key.startsWith('receipt/') && old !== undefined && String(old) !== String(value)) this.replaced.push(key)
      this.#entries.set(key, value)
    }
    this.#undo = options.sync ? [] : [...undo.reverse(), ...this.#undo]
    if (this.batches.length !== this.diesAfter) return
    this.isDead = true
    this.onDeath()
  }

  cutPower(): void {
    super.batch(this.#undo, { sync: true })
  }
}

/** What both sides agree on, as a restart must find it. */
const standing = ({ host }: SimulatedPeer) => ({
  jobs: host.jobs().map(({ receipts, amount, bids, attempts }) => ({ receipts, amount, bids, attempts: attempts.length })),
  leases: host.leases().map(({ receipts: { countersigned }, amount }) => ({ countersigned, amount })),
})

/** One job of seven receipts; one side dies after `diesAfter` more batches of its store and is back three seconds later. */
async function live(mortal: 'provider' | 'renter', death: Death, diesAfter: number) {
  const mute = new Set<string>()
  const mesh = new SimulatedMesh(1, (from) => ({ delayMs: 10, lost: mute.has(from) }))
  const stores = { provider: new MortalStore(), renter: new MortalStore() }
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: RUN_MS }, {}, stores.provider)
  const renter = await mesh.add(undefined, {}, {}, stores.renter)
  await mesh.time.run(5_000)
  const peer = { provider, renter }[mortal]
  const store = stores[mortal]
  let before: ReturnType<typeof standing> | undefined
  store.diesAfter = store.batches.length + diesAfter
  store.onDeath = () => {
    if (death.isMute) mute.add(peer.id)
    before = standing(peer)
    void peer.host.stop()
  }
  await renter.host.submit(someRequest()).catch(() => {})
  await mesh.time.run(mesh.time.nowMs + 200_000, () => store.isDead)
  const died = store.isDead
  let after: ReturnType<typeof standing> | undefined
  if (died) {
    await mesh.time.run(mesh.time.nowMs + 3_000)
    if (death.isPowerCut) store.cutPower()
    store.isDead = false
    mute.clear()
    await peer.restart()
    after = standing(peer)
  }
  await mesh.time.run(mesh.time.nowMs + 300_000)
  return { died, before, after, provider, renter, stores }
}

for (const mortal of ['provider', 'renter'] as const) {
  for (const [how, death] of Object.entries(DEATHS)) {
    test(`a ${mortal} goes on after any of its batches: ${how}`, async () => {
      let deaths = 0
      for (let diesAfter = 1; diesAfter < 100; diesAfter++) {
        const { died, before, after, provider, renter, stores } = await live(mortal, death, diesAfter)
        if (!died) break
        deaths += 1
        const at = `batch ${diesAfter} of ${JSON.stringify(stores[mortal].batches[stores[mortal].diesAfter - 1])}`
        if (!death.isPowerCut) expect(after, at).toEqual(before)
        expect([...stores.provider.replaced, ...stores.renter.replaced], at).toEqual([])
        const [job] = renter.host.jobs()
        if (job === undefined) continue
        expect(job, at).toMatchObject({ jobId: JOB, state: 'done' })
        const reports = await Promise.all(
          [provider, renter].map(async ({ host }) => audit(await host.exportBundle(), new SimulatedSigner(0))),
        )
        expect(reports[0], at).toEqual(reports[1])
        expect(reports[0]?.problems, at).toEqual([])
        expect(reports[0]?.countersigned, at).toBe(reports[0]?.receipts)
        expect(job.amount, at).toBe(reports[0]?.amount)
      }
      expect(deaths).toBeGreaterThan(10)
    })
  }
}
