import { expect, it } from 'vitest'
import { withoutHostPaths } from '../../src/executor/host-paths.ts'

const folder = '/srv/alice/weft/leases/abc'

it.each([
  ['EACCES: scandir ‘/srv/alice/weft/leases/abc/outputs/0/x’', 'EACCES: scandir ‘outputs/0/x’'],
  ['cannot open /srv/alice/weft/store/000001.log: full', 'cannot open (a path of this machine): full'],
  ['mounting "/var/lib/docker/overlay2/l/x" failed', 'mounting "(a path of this machine)" failed'],
  [
    'exec: "/no/such/program": no such file, see https://docs/x/y',
    'exec: "/no/such/program": no such file, see https://docs/x/y',
  ],
])('keeps what is the renter’s and names nothing of this machine: %s', (text, expected) => {
  expect(withoutHostPaths(text, folder)).toBe(expected)
})

it('leaves no absolute path where none of them is the renter’s', () => {
  expect(withoutHostPaths('open /opt/x/y failed, /a; see https://docs/x', folder, { all: true })).toBe(
    'open (a path of this machine) failed, (a path of this machine); see https://docs/x',
  )
})
