// An auditor written from BUNDLE.md alone: it holds the document to its word, and the audit to the document. Everything is read
// whole: it is for vectors, not for a year of receipts.
import { bearsOut, bill, brokenStatement, type Claim, termsHold } from './mini-rules.ts'
import {
  bytesOf,
  EMPTY,
  type Envelope,
  type Fields,
  hex,
  message,
  messages,
  num,
  openEnvelope,
  parse,
  Refused,
  sha256,
  text,
} from './mini-wire.ts'

interface Problem {
  leaseId: string
  seq: number | null
  code: string
}
interface Report {
  leases: number
  countersigned: number
  amount: string
  problems: Problem[]
}

const FIRST_LINE = 'weft-bundle/2\n'
const FIELD_BYTES_MAX = 65_536

class Lease {
  chain = { seq: 0n, head: '', run: 0n, paused: 0n, egress: 0n, log: 0n, amount: 0n, countersigned: 0, ended: false }
  isAccepted = false
  receipt: Envelope | undefined
  verdict: bigint | undefined
  isTrailLost = false
  readonly id: string
  readonly award: Envelope | undefined
  claims: Claim[]
  constructor(id: string, award: Envelope | undefined, claims: Claim[]) {
    this.id = id
    this.award = award
    this.claims = claims
  }
}

class Audit {
  readonly problems: Problem[] = []
  readonly leases: Lease[] = []
  #lease: Lease | undefined
  readonly #statements = new Map<string, { number: bigint; head: string; stated: Map<string, bigint> }>()
  readonly #claims = new Map<string, Claim[]>()
  #statement: { envelope: Envelope; isAnswered: boolean } | undefined

  problem(code: string, leaseId = '', seq: number | null = null): void {
    this.problems.push({ leaseId, seq, code })
  }

  take(bytes: Buffer, network: string): void {
    let envelope: Envelope
    try {
      envelope = openEnvelope(bytes, network)
    } catch (error) {
      this.#unreadable((error as Refused).code)
      return
    }
    const kind = /^\/weft\/([a-z-]+)\/1$/.exec(envelope.type)?.[1] ?? ''
    const about = hex(envelope.fields, 1)
    if (kind === 'award') this.#begin(envelope.id, envelope)
    else if (kind === 'acceptance') this.#acceptance(this.#of(about), envelope)
    else if (kind === 'receipt') this.#receipt(this.#of(about), envelope)
    else if (kind === 'countersignature') this.#answer(this.#of(about), envelope)
    else if (kind === 'statement') this.#stated(envelope)
    else if (kind === 'statement-answer') this.#statementAnswer(envelope)
    else if (kind === 'paid') this.#paid(envelope)
    else this.problem('foreign')
  }

  proof(bytes: Buffer, network: string): void {
    try {
      const fields = parse(bytes)
      const [award, one, other] = [1, 2, 3].map((field) => openEnvelope(bytesOf(fields, field), network)) as [
        Envelope,
        Envelope,
        Envelope,
      ]
      const isReceipt = one.type === '/weft/receipt/1'
      const party = isReceipt ? text(award.fields, 3) : award.signer
      const isSame = one.type === other.type && one.signer === party && other.signer === party && hex(one.fields, 1) === award.id
      const isNumber = hex(other.fields, 1) === award.id && num(one.fields, 2) === num(other.fields, 2)
      const verdict = (of: Envelope) => `${hex(of.fields, 3)} ${num(of.fields, 4)}`
      const differ = isReceipt ? one.id !== other.id : verdict(one) !== verdict(other)
      if (!isSame || !isNumber || !differ) throw new Refused('bad-proof')
      this.problem('equivocation', award.id, Number(num(one.fields, 2)))
    } catch {
      this.problem('bad-proof')
    }
  }

  damaged(code: string): void {
    const lease = this.#lease
    if (lease === undefined || code === 'digest' || code === 'trailing') this.problem(code)
    else this.#lost(lease, code)
  }

  end(): void {
    this.#endLease()
    this.#endStatement()
    for (const [leaseId, claims] of this.#claims)
      for (const { fields } of claims) this.problem('no-lease', leaseId, Number(num(fields, 2)))
  }

  #unreadable(code: string): void {
    const lease = this.#lease
    if (lease === undefined || lease.chain.ended) {
      this.#endLease()
      this.problem(code)
    } else this.#lost(lease, code)
  }

  #lost(lease: Lease, code: string): void {
    const before = Number(num(lease.receipt?.fields ?? new Map(), 2))
    this.problem(code, lease.id, lease.receipt !== undefined && lease.verdict === undefined ? before : before + 1)
    lease.isTrailLost = true
  }

  #of(id: string): Lease {
    return this.#lease?.id === id ? this.#lease : this.#begin(id, undefined)
  }

  #begin(id: string, award: Envelope | undefined): Lease {
    if (this.#lease?.id === id) return this.#lease
    this.#endLease()
    this.#endStatement()
    if (this.leases.some((lease) => lease.id === id)) this.problem('out-of-order', id)
    const lease = new Lease(id, award, this.#claims.get(id) ?? [])
    this.#claims.delete(id)
    if (award === undefined) this.problem('no-award', id)
    else if (!termsHold(message(award.fields, 6))) this.problem('terms', id)
    this.leases.push(lease)
    this.#lease = lease
    return lease
  }

  #endLease(): void {
    const lease = this.#lease
    this.#lease = undefined
    if (lease === undefined) return
    if (lease.award !== undefined && !lease.isAccepted && !lease.isTrailLost) this.problem('no-acceptance', lease.id)
    for (const { fields } of lease.claims) this.problem('not-borne-out', lease.id, Number(num(fields, 2)))
  }

  #acceptance(lease: Lease, { signer }: Envelope): void {
    if (lease.award !== undefined && signer === text(lease.award.fields, 3)) lease.isAccepted = true
  }

  #receipt(lease: Lease, receipt: Envelope): void {
    const seq = num(receipt.fields, 2)
    if (lease.award !== undefined && receipt.signer !== text(lease.award.fields, 3)) {
      this.problem('wrong-signer', lease.id, Number(seq))
      return
    }
    if (lease.receipt?.id === receipt.id) return
    const before = lease.receipt === undefined ? -1n : num(lease.receipt.fields, 2)
    if (before === seq) {
      this.problem('equivocation', lease.id, Number(seq))
      return
    }
    if (before > seq) {
      this.problem('out-of-order', lease.id, Number(seq))
      return
    }
    lease.receipt = receipt
    lease.verdict = undefined
  }

  #answer(lease: Lease, { signer, fields }: Envelope): void {
    const [seq, verdict] = [Number(num(fields, 2)), num(fields, 4)]
    const { award, receipt } = lease
    if (award === undefined) return
    if (signer !== award.signer) {
      this.problem('wrong-signer', lease.id, seq)
      return
    }
    if (receipt === undefined || receipt.id !== hex(fields, 3)) {
      if (!lease.isTrailLost) this.problem('no-receipt', lease.id, seq)
      return
    }
    if (lease.verdict !== undefined) {
      if (lease.verdict !== verdict) this.problem('equivocation', lease.id, seq)
      return
    }
    lease.verdict = verdict
    const { chain } = lease
    const of = receipt.fields
    if (verdict !== 1n) {
      if (num(of, 2) > chain.seq) chain.seq = num(of, 2)
      return
    }
    const broken = this.#broken(lease, award.fields, of)
    lease.isTrailLost = false
    if (broken !== undefined) this.problem(broken, lease.id, seq)
    if (num(fields, 6) > num(message(award.fields, 6), 3)) this.problem('permit', lease.id, seq)
    const counters = { run: num(of, 6), paused: num(of, 7), egress: num(of, 8), amount: num(of, 9), log: num(of, 10) }
    const countersigned = chain.countersigned + 1
    lease.chain = { ...counters, seq: num(of, 2), head: receipt.id, countersigned, ended: num(of, 4) === 4n }
    lease.claims = lease.claims.filter((claim) => !bearsOut(award, receipt, claim))
  }

  #broken({ chain, isTrailLost }: Lease, award: Fields, of: Fields): string | undefined {
    if (chain.ended) return 'after-final'
    if (num(of, 2) <= chain.seq) return 'seq'
    if (!isTrailLost && hex(of, 3) !== chain.head) return 'prev-hash'
    const fell = num(of, 6) < chain.run || num(of, 7) < chain.paused || num(of, 8) < chain.egress || num(of, 10) < chain.log
    if (fell) return 'counter-fell'
    if (num(award, 8) > 0n && num(of, 6) > num(award, 8)) return 'over-time'
    if (num(of, 8) > 0n) return 'egress'
    return num(of, 9) === bill(award, num(of, 6)) ? undefined : 'amount'
  }

  #stated(envelope: Envelope): void {
    if (this.leases.length > 0) {
      this.problem('out-of-order')
      return
    }
    if (this.#statement?.envelope.id === envelope.id) return
    this.#endStatement()
    this.#statement = { envelope, isAnswered: false }
    const { fields } = envelope
    const [low, high, currency] = [text(fields, 1), text(fields, 2), text(fields, 3)]
    if (envelope.signer !== low && envelope.signer !== high) this.problem('wrong-signer')
    const key = `${low} ${high} ${currency}`
    const chain = this.#statements.get(key) ?? { number: 0n, head: '', stated: new Map<string, bigint>() }
    const broken = brokenStatement(fields, chain, { low, high })
    if (broken !== undefined) this.problem(broken.code, broken.leaseId)
    for (const [field, earnedBy] of [
      [7, 'low'],
      [8, 'high'],
    ] as const) {
      for (const line of messages(fields, field)) {
        chain.stated.set(hex(line, 1), num(line, 4))
        this.#claims.set(hex(line, 1), [
          ...(this.#claims.get(hex(line, 1)) ?? []),
          { fields: line, low, high, currency, earnedBy },
        ])
      }
    }
    this.#statements.set(key, { ...chain, number: num(fields, 4), head: envelope.id })
  }

  #statementAnswer({ signer, fields }: Envelope): void {
    if (this.leases.length > 0) {
      this.problem('out-of-order')
      return
    }
    const { envelope } = this.#statement ?? {}
    if (this.#statement === undefined || envelope?.id !== hex(fields, 1)) {
      this.problem('no-statement')
      return
    }
    const [low, high] = [text(envelope.fields, 1), text(envelope.fields, 2)]
    if (signer !== (envelope.signer === low ? high : low)) this.problem('wrong-signer')
    else if (num(fields, 2) === 1n) this.#statement.isAnswered = true
    else this.problem('objected')
  }

  #paid({ signer, fields }: Envelope): void {
    if (this.leases.length > 0) {
      this.problem('out-of-order')
      return
    }
    const of = this.#statement?.envelope
    if (of === undefined || of.id !== hex(fields, 1)) this.problem('no-statement')
    else if (signer !== text(of.fields, 12)) this.problem('wrong-signer')
    else if (num(fields, 3) !== num(of.fields, 4) || text(fields, 2) !== text(of.fields, 3)) this.problem('paid-mismatch')
  }

  #endStatement(): void {
    if (this.#statement?.isAnswered === false) this.problem('no-answer')
    this.#statement = undefined
  }
}

/** BUNDLE.md, "Layout". */
export function miniAudit(file: Buffer): Report {
  const line = file.subarray(0, FIRST_LINE.length).toString('latin1')
  if (!line.startsWith('weft-bundle/')) throw new Refused('MALFORMED')
  if (line !== FIRST_LINE) throw new Refused('VERSION')
  const audit = new Audit()
  let at = FIRST_LINE.length
  let network: string | undefined
  let digest: Buffer = EMPTY
  let envelopes = 0n
  let isDone = false
  while (at < file.length && !isDone) {
    const from = at
    const tag = file[at++]
    let length = 0
    for (let i = 0; ; i++) {
      const byte = file[at++] ?? 0
      length += (byte & 127) * 128 ** i
      if (byte < 128) break
      if (i === 2) length = Number.POSITIVE_INFINITY
      if (i === 2) break
    }
    if (length > FIELD_BYTES_MAX || ![0x0a, 0x12, 0x1a, 0x22].includes(tag ?? 0)) {
      audit.damaged('framing')
      isDone = true
      break
    }
    if (at + length > file.length) break
    const content = file.subarray(at, at + length)
    at += length
    const whole = file.subarray(from, at)
    if (tag === 0x0a) {
      network = text(parse(content), 1)
      digest = sha256(Buffer.from(FIRST_LINE), whole)
    } else if (tag === 0x1a) {
      isDone = true
      const trailer = parse(content)
      if (num(trailer, 1) !== envelopes) audit.damaged('truncated')
      else if (!bytesOf(trailer, 2).equals(digest)) audit.damaged('digest')
      else if (at < file.length) audit.damaged('trailing')
    } else {
      digest = sha256(digest, whole)
      if (tag === 0x22) audit.proof(content, network ?? '')
      else {
        envelopes += 1n
        audit.take(content, network ?? '')
      }
    }
  }
  if (!isDone) audit.damaged('truncated')
  audit.end()
  const amount = audit.leases.reduce((sum, { chain }) => sum + chain.amount, 0n)
  const countersigned = audit.leases.reduce((sum, { chain }) => sum + chain.countersigned, 0)
  return { leases: audit.leases.length, countersigned, amount: amount.toString(), problems: audit.problems }
}
