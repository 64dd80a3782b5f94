// Goal: a receipt has one verdict, however late a copy of it comes.

import type { LeaseId } from '@weft/protocols'
import { audit, KEYS } from '@weft/protocols/core'
import type { Channels } from '@weft/protocols/ports'
import { MemoryStore, SimulatedMesh, SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const JOB = someRequest().jobId

test('copies of receipts that come after the final one are no reason to object, and change nothing that was signed', async () => {
  const mesh = new SimulatedMesh()
  const join = mesh.network.join.bind(mesh.network)
  const joined: Channels[] = []
  mesh.network.join = (id) => {
    const ports = join(id)
    joined.push(ports.channels)
    return ports
  }
  const store = new MemoryStore()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 35_000 }, {}, store)
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 120_000)
  const leaseId = provider.host.leases()[0]?.leaseId as LeaseId
  const before = await renter.host.exportBundle()
  expect(audit(before, new SimulatedSigner(0))).toMatchObject({ receipts: 4, countersigned: 4, problems: [] })
  // In an order in which nobody sent them: first, last, first.
  for (const seq of [1, 4, 1, 3, 4]) {
    await joined[0]?.send(renter.id, (await store.get(KEYS.receipt(leaseId, seq))) as Uint8Array)
    await mesh.time.run(mesh.time.nowMs + 1_000)
  }
  expect(renter.notes.filter((note) => note.type === 'receipt' && !note.accepted)).toEqual([])
  expect(renter.host.job(JOB)?.receipts).toEqual({ count: 4, countersigned: 4 })
  expect(await renter.host.exportBundle()).toEqual(before)
})
