import type { LeaseView } from '@weft/protocols/core'
import { expect, it } from 'vitest'
import { deferred } from '../../src/network/deferred.ts'
import { Life } from '../../src/peer/life.ts'

const lease = (state: string): LeaseView => ({
  leaseId: 'a',
  renter: 'b',
  acceptedAt: null,
  resources: { gpuCount: 0, gpuModel: '', gpuVramGiB: 0, cpus: 1, memoryGiB: 1, diskGiB: 1 },
  state,
  amount: '0',
  currency: 'EUR',
  receipts: { count: 0, countersigned: 0 },
  endReason: null,
  paused: null,
})

/** A peer whose time passes whenever it waits; `states` are those of its lease, one a look. */
function aPeer(states: readonly string[]) {
  const left = [...states]
  const happened: string[] = []
  const ending = deferred()
  let nowMs = 0
  const life = new Life({
    host: {
      drain: () => void happened.push('drain'),
      leave: () => void happened.push(`leave at ${nowMs} ms`),
      leases: () => [lease((left.length > 1 ? left.shift() : left[0]) ?? 'closed')],
    },
    clock: {
      monoMs: () => nowMs,
      after(ms, callback) {
        nowMs += ms
        queueMicrotask(callback)
        return () => undefined
      },
    },
    cleanup: { run: async () => void happened.push(`cleanup at ${nowMs} ms`) },
    ending,
  })
  return { life, happened, ending }
}

it('a peer without leases stops at once', async () => {
  const { life, happened } = aPeer(['closed'])
  await life.stop({ drainMs: 1_000 })
  expect(happened).toEqual(['cleanup at 0 ms'])
})

it('what still runs when the drain is over is ended before anything is taken down', async () => {
  const { life, happened } = aPeer([...Array<string>(8).fill('running'), 'stopping', 'stopping', 'final', 'final', 'settled'])
  await life.stop({ drainMs: 1_000 })
  expect(happened.map((what) => what.replace(/ at .*/, ''))).toEqual(['drain', 'leave', 'cleanup'])
  expect(happened[1]).toBe('leave at 1000 ms')
  expect(life.isDraining).toBe(true)
})

it('a container that does not stop holds the peer up for 20 s and no longer', async () => {
  const { life, happened } = aPeer(['running'])
  await life.stop()
  expect(happened).toEqual(['leave at 0 ms', 'cleanup at 20000 ms'])
})

it('a second call ends the drain, a third the wait for containers', async () => {
  const { life, happened } = aPeer(['running'])
  const stops = [life.stop({ drainMs: 1_000_000 }), life.stop(), life.stop()]
  await Promise.all(stops)
  expect(happened[0]).toBe('drain')
  expect(happened.filter((what) => what.startsWith('leave'))).toHaveLength(1)
  expect(Number(/cleanup at (\d+)/.exec(happened.at(-1) ?? '')?.[1])).toBeLessThan(20_000)
})

it('a peer that failed meanwhile is not waited for', async () => {
  const { life, happened, ending } = aPeer(['running'])
  ending.promise.catch(() => undefined)
  const stopping = life.stop({ drainMs: 1_000_000 })
  ending.reject(new Error('the disk is gone'))
  await stopping
  expect(Number(/cleanup at (\d+)/.exec(happened.at(-1) ?? '')?.[1])).toBeLessThan(20_000)
})
