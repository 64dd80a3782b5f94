// Goal: whoever looks at a peer whose clock is off reads by how much, which way, and what to do about it.
import { expect, test } from 'vitest'
import type { StatusView } from '../../src/api/views.ts'
import { statusText } from '../../src/cli/verbs/status.ts'
import { checkClock } from '../../src/peer/doctor.ts'

const STATUS: StatusView = {
  peerId: '12D3KooW',
  network: 'weft',
  roles: ['renter', 'provider'],
  addresses: [],
  connections: 5,
  engine: null,
  leases: 0,
  guard: null,
  disk: null,
  lends: null,
  clock: { off: false, aheadMs: 12, peers: 5 },
  uptimeSeconds: 1,
  draining: false,
  version: '0.0.0',
  pid: 1,
}

test('the status of a peer whose clock is off says by how much and what to do; of another, nothing about clocks', () => {
  expect(statusText(STATUS)).not.toContain('clock')
  const off = statusText({ ...STATUS, clock: { off: true, aheadMs: -3_600_000, peers: 5 } })
  expect(off).toMatch(/^clock +1h0m behind what most connected peers say: nothing new .*timedatectl set-ntp true/m)
})

test.each([
  ['nobody said the time', { off: false, aheadMs: 0, peers: 0 }, true, 'no peer to compare it with'],
  ['it agrees with one', { off: false, aheadMs: 40, peers: 1 }, true, 'as that of 1 connected peer'],
  ['it is ahead', { off: true, aheadMs: 90_400, peers: 4 }, false, /^90 s ahead of what most of 4 connected peers say; set it/],
  ['it is behind', { off: true, aheadMs: -90_400, peers: 4 }, false, /^90 s behind what most of 4 connected peers say; set it/],
])('doctor, where %s', (_where, clock, ok, text) => {
  const check = checkClock(clock)
  expect({ ...check, text: [check.text, check.fix].filter((part) => part !== '').join('; ') }).toMatchObject({
    id: 'clock',
    ok,
    text: expect.stringMatching(text),
  })
})
