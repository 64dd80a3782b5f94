// Goal: jobs and leases of before ask for no compute capability, wherever their resources are kept.
import { encodeRecord } from '@weft/protocols/core'
import { someResources } from '@weft/protocols/testing'
import { expect, test } from 'vitest'
import { checkedValue, withChecksum } from '../../src/store/checked-value.ts'
import { toFormat7 } from '../../src/store/to-format-7.ts'

const { gpuComputeCapability: _, ...before } = someResources({ gpuCount: 1, gpuModels: ['a100'] })
const record = (key: string, value: object): [string, Uint8Array] => [
  key,
  withChecksum(key, encodeRecord(value, { monoMs: 0, wallMs: 0, era: '' })),
]

test('every request and award of a job or lease says that any capability serves; nothing else is written', async () => {
  async function* old() {
    yield record('credit/p', { paid: 1n, resources: before })
    yield record('job/a', { request: { resources: before }, attempts: [{ award: { resources: before } }] })
    yield record('job/a/answer', { seq: 3 })
    yield record('lease/b', { award: { resources: before, bytes: new Uint8Array(3) } })
  }
  const ops = await toFormat7(old())
  const read = ops.map(({ key, value }) => [key, Buffer.from(checkedValue(key, value ?? new Uint8Array(0))).toString()])
  expect(read.map(([key]) => key)).toEqual(['job/a', 'lease/b'])
  expect(read.map(([, text]) => text?.split('"gpuComputeCapability":""').length)).toEqual([3, 2])
  expect(read[1]?.[1]).toContain('a100')
})
