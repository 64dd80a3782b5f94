/** From store format 2 to 3: leases keep the last exchange whole, a provider the award's envelope; prepay is a time, pauses are counted. */
import type { MigrationOp } from './migrations.ts'

/** A record as it stands in format 2; only what changes is named. */
interface Attempt {
  leaseId: string
  chain: { seq: number }
  answered?: { receiptId: string; bytes: unknown }
  exchanges?: { agreed?: object }
}
interface Kept {
  key: string
  record: {
    value: {
      state?: { attempt?: Attempt; stage?: string }
      attempts?: Attempt[]
      leaseId?: string
      awardBytes?: unknown
      exchanges?: object
    }
  }
}

const hex = (bytes: Uint8Array) => ({ $b: Buffer.from(bytes).toString('hex') })
const receiptKey = ({ leaseId, chain }: Attempt): string => `receipt/${leaseId}/${String(chain.seq).padStart(10, '0')}/0`
const attemptsOf = ({ record: { value } }: Kept): Attempt[] => [
  ...(value.attempts ?? []),
  ...(value.state?.attempt === undefined ? [] : [value.state.attempt]),
]

/** Keys come in order, documents before jobs and leases, receipts after: of a large store little is held at a time. */
export async function toFormat3(entries: AsyncIterable<[key: string, value: Uint8Array]>): Promise<MigrationOp[]> {
  const awards = new Map<string, Uint8Array>()
  const kept: Kept[] = []
  const receipts = new Map<string, Uint8Array | undefined>()
  for await (const [key, value] of entries) {
    const [shelf, id = '', what] = key.split('/')
    if (shelf === 'document' && what === 'award') awards.set(id, value)
    else if ((shelf === 'job' && what === undefined) || shelf === 'lease') {
      const one: Kept = { key, record: JSON.parse(Buffer.from(value).toString('utf8'), reviveTerms) }
      if (shelf === 'lease')
        Object.assign(one.record.value, {
          awardBytes: hex(awards.get(id) ?? new Uint8Array(0)),
          exchanges: {},
          pausedMs: 0,
          shavedMs: 0,
          isStranger: true,
          objections: 0,
        })
      // Nothing is at hand to ask with.
      if (one.record.value.state?.stage === 'settled')
        Object.assign(one.record.value.state, { askMono: { $inf: true }, asked: 0 })
      for (const attempt of attemptsOf(one)) receipts.set(receiptKey(attempt), undefined)
      kept.push(one)
    } else if (receipts.has(key)) receipts.set(key, value)
  }
  for (const one of kept) for (const attempt of attemptsOf(one)) takeAnswer(attempt, receipts.get(receiptKey(attempt)))
  return kept.map(({ key, record }) => ({ key, value: new Uint8Array(Buffer.from(JSON.stringify(record), 'utf8')) }))
}

/** Format 2 knew no prepay but none. */
function reviveTerms(key: string, value: unknown): unknown {
  if (key !== 'terms' || typeof value !== 'object' || value === null) return value
  const { prepay: _, ...terms } = value as { prepay?: unknown }
  return { ...terms, prepayMs: 0 }
}

/** The answer stays at hand for a provider that did not hear it. */
function takeAnswer(attempt: Attempt, receipt: Uint8Array | undefined): void {
  const { answered, chain } = attempt
  delete attempt.answered
  attempt.exchanges = {}
  Object.assign(attempt, { heardMono: 0, detail: '' })
  if (answered === undefined || receipt === undefined) return
  attempt.exchanges.agreed = { seq: chain.seq, receiptId: answered.receiptId, receipt: hex(receipt), answer: answered.bytes }
}
