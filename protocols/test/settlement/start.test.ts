// Goal: a peer with many old leases starts without looking at their documents.
import { jobId } from '@weft/protocols'
import { MemoryStore, SimulatedMesh, someCapacity, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

/** Notes which keys and prefixes are asked for. */
class WatchedStore extends MemoryStore {
  readonly asked: string[] = []
  override get(key: string): Promise<Uint8Array | undefined> {
    this.asked.push(key)
    return super.get(key)
  }
  override list(prefix: string, after?: string): AsyncIterable<[string, Uint8Array]> {
    this.asked.push(prefix)
    return super.list(prefix, after)
  }
}

test('no document, receipt, account or statement of a closed lease is read at the start', async () => {
  const mesh = new SimulatedMesh()
  const stores = [new WatchedStore(), new WatchedStore()] as const
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 5_000 }, {}, stores[0])
  const renter = await mesh.add(undefined, {}, {}, stores[1])
  await mesh.time.run(5_000)
  for (let i = 1; i <= 5; i++) {
    await renter.host.submit(someRequest({ jobId: jobId(`0${i}`.repeat(16)) }))
    await mesh.time.run(mesh.time.nowMs + 30_000)
  }
  await renter.host.settle()
  const isAgreed = async () => (await renter.host.statements())[0]?.state === 'agreed'
  for (let i = 0; i < 100 && !(await isAgreed()); i++) await mesh.time.run(mesh.time.nowMs + 100)
  expect(provider.host.leases().map(({ state }) => state)).toEqual(new Array(5).fill('closed'))
  for (const [peer, store] of [
    [provider, stores[0]],
    [renter, stores[1]],
  ] as const) {
    store.asked.length = 0
    await peer.restart()
    expect(store.asked.filter((key) => /^(document|receipt|account|settled|stated|sent|proof)\//.test(key))).toEqual([])
  }
})
