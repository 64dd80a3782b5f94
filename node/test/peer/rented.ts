import { join } from 'node:path'
import type { JobView, LeaseView, OfferView } from '@weft/protocols/core'
import { expect, vi } from 'vitest'
import { quietPort } from '../../../.tools/quiet-port.mjs'
import { ApiClient } from '../../src/cli/client.ts'
import type { TestMesh } from './processes.ts'

/**
 * A provider that can start again where it listens, a renter who knows it, and a job of the renter's that nobody looks at yet; the provider
 * is called `name`, the renter `${name}-renter`.
 */
export async function rented(mesh: TestMesh, init: { name: string; host: string; image: string; script: string }) {
  const { name, host, image, script } = init
  const listen = `/ip4/127.0.0.1/tcp/${await quietPort()}`
  const provides = ['--provide', '--cpu-price', '3', '--engine', host, '--listen', listen]
  const provider = await mesh.up(name, ...provides)
  const renterName = `${name}-renter`
  const renter = await mesh.up(renterName, '--bootstrap', provider.addresses[0] ?? '', '--engine', host)
  const offered = async () => expect(await mesh.json<OfferView[]>(renterName, 'offers')).toHaveLength(1)
  await vi.waitFor(offered, { timeout: 60_000, interval: 50 })
  const outputs = `/out:${join(mesh.folder, `${name}-out`)}`
  const limits = ['--memory', '128m', '--disk', '64m', '-y', '--max-price', '100', '-o', outputs]
  const { jobId } = await mesh.json<JobView>(renterName, 'run', '-d', ...limits, image, 'sh', '-c', script)
  // Asked directly: on a busy machine a command takes as long as the job.
  const client = new ApiClient(provider.socket)
  return {
    provider,
    renter,
    jobId,
    leases: async () => (await client.get<LeaseView[]>('/v1/leases')).body,
    comeBack: () => mesh.up(name, ...provides),
    job: () => mesh.json<JobView>(renterName, 'show', jobId),
  }
}
