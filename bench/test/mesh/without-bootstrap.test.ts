import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROCESS_IMAGE } from '@weft/node/executor'
import type { JobView } from '@weft/protocols/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditBooks, exportBooks } from '../../src/demo/audit.ts'
import { leftovers } from '../../src/mesh/leftovers.ts'
import { Mesh } from '../../src/mesh/mesh.ts'
import { Processes } from '../../src/mesh/processes.ts'

const TEST_MS_MAX = 240_000
const CHEAP = { name: 'cheap', cpus: 1, memory: '256m', pricePerCpuHour: '10' }
const DEAR = { name: 'dear', cpus: 1, memory: '256m', pricePerCpuHour: '20' }
/** Long enough to cost something at these prices: a micro-unit is worked in a third of a millisecond. */
const PROGRAM = "setTimeout(() => console.log('worked'), 500)"

let folder = ''
let processes: Processes
let mesh: Mesh
const signal = AbortSignal.timeout(TEST_MS_MAX)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-mesh-'))
  processes = new Processes(folder, {})
  const network = `test-${folder.slice(-6).toLowerCase()}`
  mesh = new Mesh({ processes, folder, network, unsafeProcessEngine: true, signal })
})

afterEach(async () => {
  await processes.endAll()
  rmSync(folder, { recursive: true, force: true })
})

async function run(renter: string): Promise<JobView> {
  const limits = ['--cpus', '1', '--memory', '128m', '--max-price', '100', '-y']
  return processes.json<JobView>(['run', '--data', renter, ...limits, PROCESS_IMAGE, 'node', '-e', PROGRAM], { signal })
}

describe('a mesh whose bootstrap died', () => {
  it(
    'runs a job, takes a provider back from its own peer book and a renter in through any peer, with books that agree',
    async () => {
      const bootstrap = await mesh.bootstrap()
      const [renter, cheap, dear] = await Promise.all([
        mesh.renter('renter', bootstrap.addresses),
        mesh.provider(CHEAP, bootstrap.addresses),
        mesh.provider(DEAR, bootstrap.addresses),
      ])
      await mesh.offers(renter, 2)
      await mesh.kill(bootstrap)
      expect(bootstrap.child.signalCode).toBe('SIGKILL')

      const first = await run(renter.home)
      expect(first).toMatchObject({ state: 'done', exitCode: 0, bids: 2 })
      expect(first.attempts.map(({ provider }) => provider)).toEqual([cheap.peerId])
      expect(BigInt(first.amount)).toBeGreaterThan(0n)

      const back = await mesh.restart(cheap, CHEAP)
      expect(back.peerId).toBe(cheap.peerId)
      expect(await mesh.connected(back)).toBeGreaterThan(0)
      const fresh = await mesh.renter('fresh', dear.addresses)
      await mesh.offers(fresh, 2)
      const second = await run(fresh.home)
      expect(second).toMatchObject({ state: 'done', exitCode: 0 })

      const books = await exportBooks(processes, mesh.peers, signal)
      await processes.endAll()
      const audit = await auditBooks(processes, books, signal)
      expect(audit).toMatchObject({ leases: 2, problems: [] })
      expect(audit.countersigned).toBeGreaterThanOrEqual(2)
      expect(audit.amounts.get(renter.peerId)).toBe(BigInt(first.amount))
      expect(await leftovers({ folder, network: 'any', engine: undefined, image: undefined })).toEqual([])
    },
    TEST_MS_MAX,
  )
})
