import { leaseId } from '@weft/protocols'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Detection, Device } from '../../src/capacity/index.ts'
import { type Engine, LABELS, ProcessEngine } from '../../src/executor/index.ts'
import { LentDevices } from '../../src/peer/lent-devices.ts'
import { device } from '../capacity/device.ts'
import { aWork } from '../executor/fixture.ts'

const CARDS = ['amd:0000:03:00.0', 'amd:0000:04:00.0'].map((id, i) =>
  device(id, { vendor: 'amd', nodes: ['/dev/kfd', `/dev/dri/renderD${240 + i}`] }),
)
const LEASE = leaseId('a'.repeat(64))
const log = { debug() {}, info() {}, warn() {}, error() {} }

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Over an engine on which a container of an earlier process has the first card. */
async function started(cards: readonly Device[] = CARDS) {
  const found: { now: Detection } = { now: { devices: [...cards], faults: [] } }
  const told: string[] = []
  const engine: Engine = Object.assign(new ProcessEngine({ unsafeProcessEngine: true }), {
    list: async () => [
      { id: 'c', state: 'running' as const, labels: { [LABELS.lease]: LEASE, [LABELS.devices]: CARDS[0]?.id ?? '' } },
    ],
    devices: async () => ({ cdiFolders: [], hasNvidiaDriver: false, hasNodes: true, isRootless: false }),
  })
  const lent = new LentDevices({
    ...{ engine, peerId: 'p', all: cards, devices: cards, log, isOver: () => false, detect: async () => found.now },
    onFault: (id, { message }) => told.push(`${id.slice(0, 1)}: ${message}`),
    onChange: () => told.push(`withdrawn: ${[...lent.withdrawn.keys()]}`),
  })
  await lent.start()
  return { lent, found, told }
}

test('what a container has that is there goes to no other lease, whose container gets its own card’s nodes', async () => {
  const { lent } = await started()
  const work = aWork('', [])
  const taken = await lent.take({ ...work, grant: { ...work.grant, gpuCount: 1 } })
  expect(taken.ids).toEqual(['amd:0000:04:00.0'])
  expect(taken.mappings.map(({ PathOnHost }) => PathOnHost)).toEqual(['/dev/kfd', '/dev/dri/renderD241'])
  lent.stop()
})

test('a leased card that vanishes is noticed within half a minute, its lease is told, and so is whoever announces', async () => {
  const { lent, found, told } = await started()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(told).toEqual([])
  found.now = { devices: CARDS.slice(1), faults: [] }
  await vi.advanceTimersByTimeAsync(30_000)
  expect(told).toEqual(['withdrawn: amd:0000:03:00.0', 'a: its driver does not find it any more'])
  lent.stop()
  found.now = { devices: [], faults: [] }
  await vi.advanceTimersByTimeAsync(60_000)
  expect(told).toHaveLength(2)
})

test('what only its owner says to be there is not missed', async () => {
  const { lent, found, told } = await started(CARDS.map((card) => ({ ...card, isClaimed: true })))
  found.now = { devices: [], faults: [] }
  await vi.advanceTimersByTimeAsync(60_000)
  expect(told).toEqual([])
  lent.stop()
})
