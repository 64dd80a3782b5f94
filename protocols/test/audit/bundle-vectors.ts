// The golden bundles: one that is good, and for each code that an audit can report one that is bad in that way and no other, where
// that can be. `node --conditions=@weft/source protocols/test/audit/write-vectors.ts` writes them; a test holds the file to this.
import { micros } from '@weft/protocols'
import {
  type AuditProblem,
  audit,
  BundleWriter,
  billOf,
  drawUp,
  encodeProof,
  type Position,
  type Unstated,
} from '@weft/protocols/core'
import { CODECS, type Receipt, type Sealed, type Statement, toHex } from '@weft/protocols/wire'
import { alice, bob, carol } from '../ed25519.ts'
import { SAMPLES } from '../samples.ts'
import { ALICE, BOB, bundleOf, Lease, NETWORK, seal } from './books.ts'

export interface BundleVector {
  name: string
  bundle: string
  /** Code of the error where the file is refused as no bundle. */
  refused?: string
  report?: { leases: number; countersigned: number; amount: string; problems: Pick<AuditProblem, 'leaseId' | 'seq' | 'code'>[] }
}

const lease = new Lease(1)
const [award, acceptance, one, signedOne, two, signedTwo] = lease.documents(2) as [Sealed, Sealed, Sealed, Sealed, Sealed, Sealed]
const good = [award, acceptance, one, signedOne, two, signedTwo]
const head = [award, acceptance, one, signedOne]

const line = (set: Partial<Unstated> = {}): Unstated => {
  const amount = billOf(lease.terms, { runMs: 20_000, egressBytes: 0 })
  return { leaseId: lease.id, role: 'renter', seq: 2, receiptId: two.id, amount, stated: micros(0n), ...set }
}
const FIRST: Position = { number: 0, headId: '' }
const drawn = (set: Partial<Statement> = {}, from: Partial<Unstated> = {}, position = FIRST): Statement => {
  const draft = {
    self: ALICE,
    peer: BOB,
    currency: 'USD',
    round: 1,
    lines: [line(from)],
    nowWall: 1_800_000_000_000,
    ...position,
  }
  return { ...(drawUp(draft) as Statement), ...set }
}
const proposed = (statement: Statement, signer = alice): Sealed => seal('statement', statement, signer)
const answered = (of: Sealed, accepted = true, signer = bob): Sealed => {
  const objection = accepted ? '' : 'receipt'
  return seal('statementAnswer', { statementId: of.id, accepted, objection, leaseId: '', round: 1 }, signer)
}
const paid = (of: Sealed, number = 1, signer = bob): Sealed =>
  seal('paid', { statementId: of.id, currency: 'USD', number, reference: 'invoice 7', paidAtMs: 1_800_000_100_000 }, signer)

const statement = proposed(drawn())
const agreed = [statement, answered(statement)]
const second = (set: Partial<Receipt>, runMs = 20_000): Sealed[] => {
  const receipt = lease.receipt(2, one, runMs, set)
  return [...head, receipt, lease.answer(2, receipt)]
}
const both = (value: Statement): Sealed[] => {
  const other = proposed(value)
  return [other, answered(other), ...good]
}
const of = (other: Lease, runMs: number): Sealed[] => {
  const receipt = other.receipt(1, undefined, runMs)
  return [other.award, other.acceptance, receipt, other.answer(1, receipt)]
}

const final = lease.receipt(2, one, 20_000, { kind: 'final', final: SAMPLES.receipt.final })
const third = lease.receipt(3, final, 30_000)
const [first] = drawn().lowEarned

const ENVELOPES: Record<string, Sealed[]> = {
  good: [...agreed, paid(statement), ...good],
  'bad-signature': [...head, flipped(two, -1), signedTwo],
  malformed: [...head, { ...two, bytes: two.bytes.subarray(0, 40) }, signedTwo],
  foreign: [...good, seal('release', SAMPLES.release, alice)],
  'out-of-order': [...good, ...of(new Lease(2), 1_000), ...good],
  'no-award': good.slice(1),
  'no-acceptance': good.filter((document) => document !== acceptance),
  'wrong-signer': [award, acceptance, one, lease.answer(1, one, {}, bob)],
  equivocation: [...good, lease.receipt(2, one, 21_000)],
  'no-receipt': [award, acceptance, signedOne],
  'after-final': [...head, final, lease.answer(2, final), third, lease.answer(3, third)],
  'prev-hash': second({ prevHash: two.id }),
  'counter-fell': second({}, 9_000),
  'over-time': of(new Lease(3, { maxRunMs: 5_000 }), 10_000),
  egress: second({ egressBytes: 1 }),
  amount: second({ amount: micros(9n) }),
  permit: [...head, two, lease.answer(2, two, { permitMs: lease.terms.terms.stopAfterMs + 1 })],
  terms: of(new Lease(4, { terms: { ...lease.terms.terms, creditMs: 1_000 } }), 10_000),
  'no-statement': [answered(statement), ...good],
  'no-answer': [statement, ...good],
  objected: [statement, answered(statement, false), ...good],
  number: both(drawn({ number: 2 })),
  'statement-prev-hash': both(drawn({ prevHash: statement.id })),
  'lease-twice': both(drawn({ lowEarned: [first, first] as never })),
  stated: [...agreed, ...both(drawn({}, {}, { number: 1, headId: statement.id }))],
  'nothing-new': both(
    drawn({ lowEarned: [{ ...line(), amount: micros(0n) }], lowGross: micros(0n), net: micros(0n), creditor: '' }),
  ),
  gross: both(drawn({ lowGross: micros(1n) })),
  net: both(drawn({ net: micros(1n) })),
  'not-borne-out': both(drawn({}, { seq: 3 })),
  'no-lease': [...agreed, ...of(new Lease(5), 10_000)],
  'statement-wrong-signer': [proposed(drawn(), carol), ...good],
  'paid-mismatch': [...agreed, paid(statement, 3), ...good],
}

/** A proof before the trailer. */
function withProof(twin: Sealed): Uint8Array {
  const writer = new BundleWriter(bob)
  const pieces = [
    writer.begin({ network: NETWORK, exportedBy: ALICE }),
    ...good.map(({ bytes }) => writer.envelope(bytes)),
    writer.proof(encodeProof({ award: award.bytes, first: two.bytes, second: twin.bytes })),
    writer.end(),
  ]
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]))
}

const whole = bundleOf(good, ALICE)
const FILES: Record<string, Uint8Array> = {
  truncated: whole.subarray(0, whole.length - 40),
  digest: changed(whole, whole.length - 1),
  trailing: Uint8Array.from([...whole, 0]),
  framing: Uint8Array.from([...whole.subarray(0, whole.length - 36), 0xff, 0xff, 0xff, 0xff, 0x0f]),
  'proof-of-equivocation': withProof(lease.receipt(2, one, 21_000)),
  'bad-proof': withProof(two),
  'no-bundle': Uint8Array.of(1, 2, 3),
  'newer-version': changed(whole, 'weft-bundle/'.length),
  'another-network': bundleOf(good, ALICE, 'elsewhere'),
}

export function bundleVectors() {
  const key = (name: string, byte: number, peerId: string) => ({ name, secret: toHex(new Uint8Array(32).fill(byte)), peerId })
  const bundles = [
    ...Object.entries(ENVELOPES).map(([name, sealed]) => vector(name, bundleOf(sealed, ALICE))),
    ...Object.entries(FILES).map(([name, bytes]) => vector(name, bytes)),
  ]
  return {
    network: NETWORK,
    keys: [key('renter', 1, ALICE), key('provider', 2, BOB)],
    envelope: { type: CODECS.award.type, id: award.id, bytes: toHex(award.bytes) },
    bundles,
  }
}

function vector(name: string, bytes: Uint8Array): BundleVector {
  const bundle = toHex(bytes)
  try {
    const { leases, countersigned, amount, problems } = audit(bytes, bob)
    const told = problems.map(({ leaseId, seq, code }) => ({ leaseId, seq, code }))
    return { name, bundle, report: { leases, countersigned, amount, problems: told } }
  } catch (error) {
    return { name, bundle, refused: (error as { code: string }).code }
  }
}

function flipped(sealed: Sealed, at: number): Sealed {
  return { id: sealed.id, bytes: changed(sealed.bytes, sealed.bytes.length + at) }
}

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}
