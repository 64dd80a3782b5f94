// Goal: no container goes on for a peer that is gone, however it left.
import { once } from 'node:events'
import type { JobView, OfferView } from '@weft/protocols/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { StatusView } from '../../src/api/views.ts'
import { type Engine, LABELS } from '../../src/executor/index.ts'
import { engines } from '../executor/engines.ts'
import { busyboxImage } from '../executor/images.ts'
import { TestMesh } from './processes.ts'

const [engine] = engines
const FOREVER = ['sh', '-c', 'trap "exit 143" TERM; while true; do sleep 0.1; done']
const PATIENT = { timeout: 60_000, interval: 100 }

describe.skipIf(engine === undefined)('containers of a peer that leaves', () => {
  let mesh: TestMesh
  let image = ''
  beforeAll(async () => {
    image = (await busyboxImage(engine as Engine)).imageId
    mesh = await TestMesh.create()
  })
  afterAll(() => mesh?.stop())

  const host = (engine as Engine | undefined)?.host ?? ''
  const containers = (peerId: string) => (engine as Engine).list({ [LABELS.peer]: peerId })
  const isRunning = async (peerId: string) => (await containers(peerId)).map(({ state }) => state === 'running')

  /** A provider with one container that runs for ever for a renter. */
  async function aProvider(name: string) {
    const provider = await mesh.up(name, '--provide', '--engine', host)
    const renter = `${name}-renter`
    await mesh.up(renter, '--bootstrap', provider.addresses[0] ?? '', '--engine', host)
    await vi.waitFor(async () => expect(await mesh.json<OfferView[]>(renter, 'offers')).toHaveLength(1), PATIENT)
    const limits = ['--memory', '128m', '--disk', '64m', '-y', '--max-price', '1']
    const { jobId } = await mesh.json<JobView>(renter, 'run', '-d', ...limits, image, ...FOREVER)
    await vi.waitFor(async () => expect(await isRunning(provider.peerId)).toEqual([true]), PATIENT)
    return { provider, renter, jobId }
  }

  it('end before it does, and its renter hears why', async () => {
    const { provider, renter, jobId } = await aProvider('leaving')
    const { guard } = await vi.waitFor(async () => {
      const status = await mesh.json<StatusView>('leaving', 'status')
      expect(status.guard).toMatchObject({ containers: 1 })
      return status
    }, PATIENT)
    const exited = once(provider.child, 'exit')
    const down = mesh.weft('leaving', 'down')
    await vi.waitFor(async () => expect((await mesh.json<StatusView>('leaving', 'status')).draining).toBe(true), PATIENT)
    expect(await isRunning(provider.peerId)).toEqual([true])
    provider.child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
    expect((await down).code).toBe(0)
    expect(await containers(provider.peerId)).toEqual([])
    await vi.waitFor(() => expect(() => process.kill(guard?.pid ?? 0, 0)).toThrow('ESRCH'), PATIENT)
    await vi.waitFor(async () => {
      const { attempts } = await mesh.json<JobView>(renter, 'show', jobId)
      expect(attempts.map(({ endReason }) => endReason)).toEqual(['provider.drained'])
    }, PATIENT)
  })

  it('end when it comes back after a crash and lends nothing any more', async () => {
    const { provider } = await aProvider('crashing')
    const exited = once(provider.child, 'exit')
    provider.child.kill('SIGKILL')
    await exited
    await mesh.up('crashing', '--engine', host)
    await vi.waitFor(async () => expect(await containers(provider.peerId)).toEqual([]), PATIENT)
  })
})
