// Goal: whatever happens to the bytes of a bundle, the audit says so, names the place where it can, and never throws anything untyped.
import { WireError } from '@weft/protocols'
import { type AuditReport, audit, BundleReader } from '@weft/protocols/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bob } from '../ed25519.ts'
import { ALICE, bundleOf, Lease } from './books.ts'

const lease = new Lease(1)
const other = new Lease(2)
const documents = [...lease.documents(3), ...other.documents(2)]
const bundle = bundleOf(documents, ALICE)

/** Where envelope `index` begins in the file, its tag and length included. */
const starts: number[] = []
{
  let at = bundle.indexOf(0x12, 'weft-bundle/2\n'.length)
  for (const { bytes } of documents) {
    at = bundle.findIndex((_, i) => i >= at && bytes.every((byte, k) => bundle[i + k] === byte))
    starts.push(at)
    at += bytes.length
  }
}

const withBit = (bit: number): Uint8Array => {
  const copy = bundle.slice()
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

/** The report, or undefined where the bytes are refused as no bundle. */
function reportOf(bytes: Uint8Array): AuditReport | undefined {
  try {
    return audit(bytes, bob)
  } catch (error) {
    expect(error).toBeInstanceOf(WireError)
    return undefined
  }
}

test('the bundle is clean as it was written', () => {
  expect(audit(bundle, bob)).toMatchObject({ leases: 2, receipts: 5, countersigned: 5, problems: [] })
})

test('one flipped bit anywhere is found', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bundle.length * 8 - 1 }), (bit) => {
      expect(reportOf(withBit(bit))?.problems).not.toEqual([])
    }),
    { numRuns: 600 },
  )
})

test.each([
  ['a receipt', 4, lease.id, 2],
  ['a countersignature', 5, lease.id, 2],
  ['the last receipt of the second lease', 12, other.id, 2],
])(
  'a flipped bit in the signature of %s is reported with lease, number and reason, and as nothing else but the digest',
  (_, index, leaseId, seq) => {
    const end = (starts[index] ?? 0) + (documents[index]?.bytes.length ?? 0)
    const report = reportOf(withBit((end - 1) * 8))
    expect(report?.problems).toMatchObject([
      { leaseId, seq, code: 'bad-signature' },
      { leaseId: '', code: 'digest' },
    ])
  },
)

test('an award that cannot be read is reported for the lease whose receipts follow it', () => {
  const end = (starts[8] ?? 0) + (documents[8]?.bytes.length ?? 0)
  const problems = reportOf(withBit((end - 1) * 8))?.problems
  expect(problems?.map(({ code, leaseId }) => [code, leaseId])).toContainEqual(['no-award', other.id])
})

test('a file cut short anywhere is found', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bundle.length - 1 }), (length) => {
      const problems = reportOf(bundle.subarray(0, length))?.problems
      if (length > (starts[0] ?? 0)) expect(problems?.map(({ code }) => code)).toContain('truncated')
      else expect(problems).not.toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('documents that were taken out whole are missed, and bytes after the trailer are no bundle', () => {
  const [from, to] = [(starts[4] ?? 0) - 3, (starts[6] ?? 0) - 3]
  const without = Uint8Array.from([...bundle.subarray(0, from), ...bundle.subarray(to)])
  expect(reportOf(without)?.problems.map(({ code }) => code)).toContain('truncated')
  expect(reportOf(Uint8Array.from([...bundle, 0]))?.problems.map(({ code }) => code)).toEqual(['trailing'])
})

test('a length of four gigabytes is not believed, and nothing is kept waiting for it', () => {
  const damage: string[] = []
  const reader = new BundleReader(bob, {
    header: () => {},
    envelope: () => {},
    proof: () => {},
    damaged: (code) => damage.push(code),
  })
  reader.push(bundle.subarray(0, (starts[0] ?? 0) - 3))
  reader.push(Uint8Array.of(0x12, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3))
  expect(damage).toEqual(['framing'])
  reader.push(new Uint8Array(1_000_000))
  reader.end()
  expect(damage).toEqual(['framing'])
})

test('arbitrary bytes behind the first line never raise anything but a WireError, and are never clean', () => {
  const line = Array.from('weft-bundle/2\n', (character) => character.charCodeAt(0))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(reportOf(Uint8Array.from([...line, ...bytes]))?.problems).not.toEqual([])
    }),
  )
})

test('in which pieces the bytes come changes nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), (length) => {
      const events: string[] = []
      const reader = new BundleReader(bob, {
        header: ({ exportedBy }) => events.push(exportedBy),
        envelope: (bytes, index) => events.push(`${index}:${bytes.length}`),
        proof: () => events.push('proof'),
        damaged: (code) => events.push(code),
      })
      for (let at = 0; at < bundle.length; at += length) reader.push(bundle.subarray(at, at + length))
      reader.end()
      expect(events).toEqual([ALICE, ...documents.map(({ bytes }, index) => `${index}:${bytes.length}`)])
    }),
    { numRuns: 40 },
  )
})
