// Goal: two peers that ran jobs for each other settle up over the production core, host and store.
import { jobId, micros } from '@weft/protocols'
import { audit } from '@weft/protocols/core'
import { SimulatedMesh, SimulatedSigner, someCapacity, somePrices, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const verifier = new SimulatedSigner(0)

/** Two peers that each ran the other's job: one dear, one cheap. */
async function traders() {
  const mesh = new SimulatedMesh()
  const dear = await mesh.add({ capacity: someCapacity({ prices: somePrices({ cpuHour: micros(90_000n) }) }) }, { runMs: 25_000 })
  const cheap = await mesh.add({ capacity: someCapacity() }, { runMs: 25_000 })
  await mesh.time.run(5_000)
  await dear.host.submit(someRequest({ jobId: jobId('01'.repeat(16)) }))
  await cheap.host.submit(someRequest({ jobId: jobId('02'.repeat(16)) }))
  await mesh.time.run(mesh.time.nowMs + 120_000)
  return { mesh, dear, cheap }
}

test('what two peers owe each other is netted, agreed to, paid, and audits clean in both books', async () => {
  const { mesh, dear, cheap } = await traders()
  await cheap.host.settle(dear.id)
  await mesh.time.run(mesh.time.nowMs + 1_000)
  const [statement] = await dear.host.statements()
  const earned =
    audit(await dear.host.exportBundle(), verifier).totals.find(({ provider }) => provider === dear.id)?.amount ?? '0'
  const spent = audit(await dear.host.exportBundle(), verifier).totals.find(({ renter }) => renter === dear.id)?.amount ?? '0'
  expect(BigInt(earned) > BigInt(spent)).toBe(true)
  expect(statement).toMatchObject({
    peer: cheap.id,
    number: 1,
    state: 'agreed',
    leases: 2,
    earned,
    spent,
    net: String(BigInt(earned) - BigInt(spent)),
    creditor: dear.id,
  })
  await expect(cheap.host.acknowledge(dear.id, 'USD', 1, 'never')).rejects.toThrow(/gives this peer nothing/)
  const twice = ['bank transfer 17', 'bank transfer 18'].map((reference) => dear.host.acknowledge(cheap.id, 'USD', 1, reference))
  expect((await Promise.allSettled(twice)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  await expect(dear.host.acknowledge(cheap.id, 'USD', 1, 'again')).rejects.toThrow(/acknowledged already/)
  await mesh.time.run(mesh.time.nowMs + 1_000)
  for (const { host } of [dear, cheap]) {
    expect(await host.statements()).toMatchObject([{ state: 'paid', reference: 'bank transfer 17' }])
    const report = audit(await host.exportBundle(), verifier)
    expect(report.problems).toEqual([])
    expect(report.statements).toMatchObject([{ number: 1, leases: 2, reference: 'bank transfer 17' }])
  }
})

test('nothing new is no statement; a peer that is away gets the proposal when it is back, whoever restarts meanwhile', async () => {
  const { mesh, dear, cheap } = await traders()
  mesh.network.cut(dear.id)
  expect(await cheap.host.settle()).toMatchObject([{ state: 'proposed', number: 1 }])
  await mesh.time.run(mesh.time.nowMs + 60_000)
  await cheap.restart()
  await dear.restart()
  expect(await dear.host.statements()).toEqual([])
  mesh.network.heal(dear.id)
  await mesh.time.run(mesh.time.nowMs + 700_000)
  expect(await dear.host.statements()).toMatchObject([{ state: 'agreed', number: 1 }])
  expect(await cheap.host.settle()).toMatchObject([{ state: 'agreed', number: 1 }])
})

test('a statement that is drawn up in the middle of a lease is followed by one over what came after', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 95_000 })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(60_000)
  await provider.host.settle()
  await mesh.time.run(200_000)
  await renter.host.settle()
  await mesh.time.run(201_000)
  const statements = await provider.host.statements()
  const sum = statements.reduce((total, { earned }) => total + BigInt(earned), 0n)
  expect(statements).toMatchObject([
    { number: 1, leases: 1 },
    { number: 2, leases: 1 },
  ])
  expect(String(sum)).toBe(renter.host.jobs()[0]?.amount)
})
