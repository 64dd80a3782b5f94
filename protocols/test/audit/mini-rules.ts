// The rules that BUNDLE.md gives for amounts, terms and statements.
import { type Envelope, type Fields, hex, message, messages, num, text } from './mini-wire.ts'

/** BUNDLE.md, "Amounts". */
export function bill(award: Fields, runMs: bigint): bigint {
  const [resources, prices] = [message(award, 4), message(award, 5)]
  const perHour =
    num(prices, 3) * num(resources, 1) * 1000n * 1024n +
    num(prices, 4) * num(resources, 5) * 1024n +
    num(prices, 5) * num(resources, 6) * 1000n +
    num(prices, 6) * num(resources, 7) * 1000n
  const amount = (runMs > 0n ? num(prices, 2) : 0n) + (runMs * perHour) / (3_600_000n * 1000n * 1024n)
  return amount > num(award, 7) ? num(award, 7) : amount
}

export function termsHold(terms: Fields): boolean {
  const [interval, credit, stopAfter, grace, prepay] = [1, 2, 3, 4, 5].map((field) => num(terms, field)) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  if (interval < 1_000n || interval > 600_000n || grace > 30_000n || credit < 2n * interval) return false
  return prepay <= 2_592_000_000n && stopAfter >= 2n * interval && stopAfter <= credit + prepay + 60_000n
}

export interface Claim {
  fields: Fields
  low: string
  high: string
  currency: string
  earnedBy: 'low' | 'high'
}

export function bearsOut(award: Envelope, receipt: Envelope, { fields, low, high, currency, earnedBy }: Claim): boolean {
  const [provider, renter] = earnedBy === 'low' ? [low, high] : [high, low]
  const isParty = text(award.fields, 3) === provider && award.signer === renter && text(message(award.fields, 5), 1) === currency
  return (
    isParty &&
    hex(fields, 3) === receipt.id &&
    num(fields, 2) === num(receipt.fields, 2) &&
    num(fields, 4) === num(receipt.fields, 9)
  )
}

export function brokenStatement(
  fields: Fields,
  chain: { number: bigint; head: string; stated: Map<string, bigint> },
  { low, high }: { low: string; high: string },
): { code: string; leaseId: string } | undefined {
  if (num(fields, 4) !== chain.number + 1n) return { code: 'number', leaseId: '' }
  if (hex(fields, 6) !== chain.head) return { code: 'prev-hash', leaseId: '' }
  const seen = new Set<string>()
  for (const field of [7, 8]) {
    let before = ''
    for (const line of messages(fields, field)) {
      const leaseId = hex(line, 1)
      if (seen.has(leaseId)) return { code: 'lease-twice', leaseId }
      if (leaseId < before) return { code: 'line-order', leaseId }
      seen.add(leaseId)
      before = leaseId
    }
  }
  for (const line of [...messages(fields, 7), ...messages(fields, 8)]) {
    const leaseId = hex(line, 1)
    if (num(line, 5) !== (chain.stated.get(leaseId) ?? 0n)) return { code: 'stated', leaseId }
    if (num(line, 4) <= num(line, 5)) return { code: 'nothing-new', leaseId }
  }
  const gross = (field: number) => messages(fields, field).reduce((sum, line) => sum + num(line, 4) - num(line, 5), 0n)
  const [lowGross, highGross] = [gross(7), gross(8)]
  if (num(fields, 9) !== lowGross || num(fields, 10) !== highGross) return { code: 'gross', leaseId: '' }
  const net = lowGross > highGross ? lowGross - highGross : highGross - lowGross
  const creditor = net === 0n ? '' : lowGross > highGross ? low : high
  return num(fields, 11) === net && text(fields, 12) === creditor ? undefined : { code: 'net', leaseId: '' }
}
