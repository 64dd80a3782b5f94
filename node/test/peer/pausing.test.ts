// Goal: a container whose renter is not heard of stands still, unbilled, and goes on when its renter is back, on a real engine.
// Method: peers as processes, receipts each second; the renter's process is stopped by a signal, as a machine that hangs is.
import { once } from 'node:events'
import type { ReceiptView } from '@weft/protocols/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Engine, LABELS } from '../../src/executor/index.ts'
import { engines } from '../executor/engines.ts'
import { busyboxImage } from '../executor/images.ts'
import { TestMesh } from './processes.ts'
import { rented } from './rented.ts'

const [engine] = engines
const PATIENT = { timeout: 60_000, interval: 50 }
/** Credit is four intervals; the permit outlasts it by what a provider takes at most, in which one is killed and started again. */
const TERMS = { WEFT_TERMS_INTERVAL: '1s', WEFT_TERMS_STOP_AFTER: '60s', WEFT_TERMS_STOP_GRACE: '2s' }

describe.skipIf(engine === undefined)('a container whose renter is not heard of', () => {
  let mesh: TestMesh
  let image = ''
  const host = (engine as Engine | undefined)?.host ?? ''
  const containers = (peerId: string) => (engine as Engine).list({ [LABELS.peer]: peerId })
  beforeAll(async () => {
    image = (await busyboxImage(engine as Engine)).imageId
    mesh = await TestMesh.create(TERMS)
  })
  afterAll(() => mesh?.stop())

  /** A job that runs, and the renter that stands still from then on. */
  async function abandoned(name: string) {
    const { provider, renter, leases, comeBack, job } = await rented(mesh, { name, host, image, script: mesh.waiting })
    const lease = async () => (await leases())[0]
    await vi.waitFor(async () => expect((await lease())?.receipts.countersigned ?? 0).toBeGreaterThan(1), PATIENT)
    renter.child.kill('SIGSTOP')
    await vi.waitFor(async () => {
      expect(await lease()).toMatchObject({ state: 'paused', paused: 'unpaid' })
      expect(await containers(provider.peerId)).toMatchObject([{ state: 'paused' }])
    }, PATIENT)
    const leaseId = (await lease())?.leaseId ?? ''
    return {
      provider,
      lease,
      /** From then on the job may end. */
      comeBack: async () => {
        renter.child.kill('SIGCONT')
        await mesh.letGo(name, leaseId)
      },
      restart: comeBack,
      job,
      last: async () => (await mesh.json<ReceiptView[]>(name, 'receipts')).at(-1),
    }
  }

  it('is paused when what may run on credit has run, says why, and goes on and is done when the renter is back', async () => {
    const { comeBack, job, lease, last } = await abandoned('paused')
    expect((await mesh.weft('paused', 'leases')).out).toContain('paused (unpaid)')
    await comeBack()
    await vi.waitFor(async () => expect(await job()).toMatchObject({ state: 'done', exitCode: 0 }), PATIENT)
    expect(await lease()).toMatchObject({ endReason: 'workload.done' })
    const final = await last()
    expect(final).toMatchObject({ kind: 'final' })
    expect(final?.pausedMs).toBeGreaterThan(0)
  })

  it('is let go on by a provider that was killed meanwhile, under the permit that is left', async () => {
    const { provider, comeBack, job, restart } = await abandoned('killed')
    const exited = once(provider.child, 'exit')
    provider.child.kill('SIGKILL')
    await exited
    await comeBack()
    await restart()
    await vi.waitFor(async () => expect(await job()).toMatchObject({ state: 'done', exitCode: 0 }), PATIENT)
    expect((await job()).attempts).toMatchObject([{ endReason: 'workload.done' }])
    await vi.waitFor(async () => expect(await containers(provider.peerId)).toEqual([]), PATIENT)
  })
})
