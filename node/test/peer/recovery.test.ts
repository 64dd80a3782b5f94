// Goal: a provider that is killed in the middle of a job loses nothing of it: the job goes on, ends, and is paid once. A container
// that somebody removes ends its lease.
// Method: peers as processes, jobs in containers, receipts each second.
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Engine, LABELS } from '../../src/executor/index.ts'
import { engines } from '../executor/engines.ts'
import { busyboxImage } from '../executor/images.ts'
import { TestMesh } from './processes.ts'
import { rented } from './rented.ts'

const [engine] = engines
const PATIENT = { timeout: 60_000, interval: 100 }
const TERMS = { WEFT_TERMS_INTERVAL: '1s', WEFT_TERMS_STOP_AFTER: '60s', WEFT_TERMS_STOP_GRACE: '2s' }

describe.skipIf(engine === undefined)('a provider', () => {
  let mesh: TestMesh
  let image = ''
  const host = (engine as Engine | undefined)?.host ?? ''
  const containers = (peerId: string) => (engine as Engine).list({ [LABELS.peer]: peerId })
  beforeAll(async () => {
    image = (await busyboxImage(engine as Engine)).imageId
    mesh = await TestMesh.create(TERMS)
  })
  afterAll(() => mesh?.stop())

  /** A provider whose job has been countersigned for. */
  async function working(name: string, script: string) {
    const { provider, leases, comeBack, job, jobId } = await rented(mesh, { name, host, image, script })
    const renter = `${name}-renter`
    await vi.waitFor(async () => {
      const [lease] = await leases()
      expect({ state: lease?.state, isPaid: (lease?.receipts.countersigned ?? 0) > 1 }).toEqual({
        state: 'running',
        isPaid: true,
      })
    }, PATIENT)
    const letGo = async () => mesh.letGo(name, (await leases())[0]?.leaseId ?? '')
    return { provider, renter, leases, comeBack, letGo, job, jobId }
  }

  it('that is killed and comes back goes on with its container, and the job is done and paid once', async () => {
    const script = `echo one; ${mesh.waiting}; echo two`
    const { provider, renter, leases, comeBack, letGo, job, jobId } = await working('killed', script)
    const [before] = await containers(provider.peerId)
    const exited = once(provider.child, 'exit')
    provider.child.kill('SIGKILL')
    await exited
    await comeBack()
    expect(await containers(provider.peerId)).toMatchObject([{ id: before?.id, state: 'running' }])
    // What is written before its output is read again is lost, and counted.
    await vi.waitFor(async () => expect(await leases()).toMatchObject([{ state: 'running' }]), PATIENT)
    await letGo()
    await vi.waitFor(async () => expect((await job()).state).toBe('done'), PATIENT)
    expect((await job()).attempts).toMatchObject([{ endReason: 'workload.done' }])
    expect(await leases()).toMatchObject([{ endReason: 'workload.done' }])
    expect((await mesh.weft(renter, 'logs', jobId)).out).toBe('one\ntwo\n')
    await vi.waitFor(async () => expect(await containers(provider.peerId)).toEqual([]), PATIENT)
  })

  it('whose container somebody removes ends the lease, and says whose fault it is', async () => {
    const { provider, leases } = await working('robbed', 'while true; do sleep 0.1; done')
    for (const { id } of await containers(provider.peerId)) await engine?.remove(id)
    await vi.waitFor(async () => expect(await leases()).toMatchObject([{ endReason: 'provider.engine' }]), PATIENT)
  })
})
