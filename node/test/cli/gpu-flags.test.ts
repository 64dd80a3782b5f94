// Goal: a job says what kind of GPU it needs by what that can do, and asking for a kind asks for one.
import { expect, test } from 'vitest'
import { readRunFlags } from '../../src/cli/run/flags.ts'

const read = (options: Record<string, unknown>) =>
  readRunFlags(['busybox'], options, { cwd: '/', env: {}, typed: [], interactive: false }).submission.resources

test.each([
  [{}, { gpuCount: 0, gpuComputeCapability: '' }],
  [{ computeCapability: '8.0' }, { gpuCount: 1, gpuComputeCapability: '8.0' }],
  [
    { computeCapability: 'GFX1100', gpuVendor: 'AMD' },
    { gpuCount: 1, gpuComputeCapability: 'gfx1100', gpuVendor: 'amd' },
  ],
  [
    { gpus: '2', gpuModel: ['a100', 'h100'] },
    { gpuCount: 2, gpuModels: ['a100', 'h100'] },
  ],
])('the flags %j ask for %j', (flags, resources) => {
  expect(read(flags)).toMatchObject(resources)
})

test.each([
  [{ computeCapability: '8' }, '--compute-capability takes a version such as 8.0, or a name such as gfx1100, not "8"'],
  [{ gpus: '0', gpuModel: ['a100'] }, 'need --gpus of at least 1'],
])('the flags %j are refused: %s', (flags, sentence) => {
  expect(() => read(flags)).toThrow(sentence)
})
