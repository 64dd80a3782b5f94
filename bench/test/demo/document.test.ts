import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import type { DemoReport } from '../../src/demo/report.ts'

const SCHEMA = fileURLToPath(import.meta.resolve('@weft/node/schemas/demo.json'))
const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object)

const TIMINGS = { orderedMs: 1, firstBidMs: 2, leasedMs: 3, deliveredMs: 4, startedMs: 5, firstOutputMs: 6, endedMs: 7 }
const REPORT: DemoReport = {
  executor: 'docker',
  peers: [{ role: 'bootstrap', peerId: '12D3KooW', pid: 7 }],
  jobs: [
    { jobId: 'a'.repeat(32), state: 'done', exitCode: 0, provider: '12D3KooW', bids: 4, timings: TIMINGS, amount: '12' },
    { jobId: 'b'.repeat(32), state: 'failed', exitCode: null, provider: null, bids: 0, timings: TIMINGS, amount: '0' },
  ],
  accuracy: 0.97,
  bootstrapKilled: true,
  audit: { leases: 1, receipts: 2, countersigned: 2, problems: [{ leaseId: '', seq: null, code: 'C', text: 't' }] },
  leftovers: ['process 9'],
}

test.each<[string, DemoReport]>([
  ['a whole run', REPORT],
  ['a run that began badly', { ...REPORT, executor: 'process', peers: [], jobs: [], accuracy: null, bootstrapKilled: false }],
])("the demo's document of %s is what its schema promises", (_name, report) => {
  expect(validate(report) ? null : validate.errors).toBeNull()
})

test('the schema of the demo is no rubber stamp', () => {
  expect(validate({ ...REPORT, accuracy: 97 })).toBe(false)
  expect(validate({ ...REPORT, audit: {} })).toBe(false)
})
