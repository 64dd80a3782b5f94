// Goal: a store from before accounts gets them, and they say what a peer that wrote them itself would have said.
import { SimulatedMesh, someCapacity, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'
import { checkedValue, withChecksum } from '../../src/store/checked-value.ts'
import { toFormat5 } from '../../src/store/to-format-5.ts'

test('accounts are booked out of countersigned receipts, on both sides, while a lease is known and after', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 45_000 })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(150_000)
  for (const { store } of [provider, renter]) {
    const written: [string, Uint8Array][] = []
    const rest: [string, Uint8Array][] = []
    for await (const [key, value] of store.list('')) (key.startsWith('account/') ? written : rest).push([key, value])
    const old = async function* () {
      for (const [key, value] of rest) yield [key, withChecksum(key, value)] as [string, Uint8Array]
    }
    const ops = await toFormat5(old())
    const read = (value: Uint8Array) => (JSON.parse(Buffer.from(value).toString()) as { value: unknown }).value
    const booked = ops.map(({ key, value }) => [key, read(checkedValue(key, value ?? new Uint8Array(0)))])
    expect(written.length).toBeGreaterThan(0)
    expect(booked).toEqual(written.map(([key, value]) => [key, read(value)]))
  }
})
