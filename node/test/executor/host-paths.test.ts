import { expect, it } from 'vitest'
import { withoutDevices, withoutHostPaths } from '../../src/executor/host-paths.ts'

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

it.each([
  ['unresolvable CDI devices nvidia.com/gpu=GPU-3e34e62f-d88e-f448-415e-be2cbf2c6178'],
  ['nvidia-smi says: MIG-5c89852c-d268-c3f3-1b07-005d5ae1dc3f is lost'],
  ['MIG-GPU-3e34e62f-d88e-f448-415e-be2cbf2c6178/1/0 is lost'],
  ['amd:0000:03:00.0 has no render node'],
])('says nothing of which device it was: %s', (text) => {
  expect(withoutDevices(text)).toMatch(/\(a device of this machine\)(?! *[-/0-9])/)
  expect(withoutDevices(text)).not.toMatch(/[0-9a-f]{8}|0000:/)
})

it('leaves no absolute path where none of them is the renter’s', () => {
  expect(withoutHostPaths('open /opt/x/y failed, /a; see https://docs/x', folder, { all: true })).toBe(
    'open (a path of this machine) failed, (a path of this machine); see https://docs/x',
  )
})
