import { codeOf, messageOf } from '../errors.ts'
import type { LeaseId, PeerId } from '../units.ts'
import type { Envelopes } from '../wire/envelope.ts'
import { decodeMessage, type Received } from '../wire/message.ts'
import { isAnswerKey, KEYS, PREFIXES } from './keys.ts'
import type { Chain } from './lease/chain.ts'
import { decodeProof, verifyProof } from './lease/proof.ts'
import { decodeRecord, encodeRecord } from './record.ts'

export interface Dropped {
  key: string
  /** A sentence. */
  why: string
}

export interface Salvaged {
  kept: [key: string, value: Uint8Array][]
  dropped: Dropped[]
}

/** The parties of a lease, by its award. */
interface Parties {
  renter: PeerId
  provider: PeerId
}

/** What a stored lease or attempt rests on, if it is one. */
interface Resting {
  leaseId?: LeaseId
  chain?: Pick<Chain, 'headId'>
}

interface RecordShape extends Resting {
  /** Of an entry of an account; `amount` also of what was stated; `headId` of a pair's statements. */
  receiptId?: string
  amount?: bigint
  headId?: string
  attempts?: readonly Resting[]
  state?: { attempt?: Resting; stage?: string }
}

type Verifier = Pick<Envelopes, 'open'>

/** Stages of a provider's lease in which it signs nothing any more. */
const OVER: ReadonlySet<string> = new Set(['settled', 'closed'])

/** Records are only looked at: what their clocks say is for whoever goes on with them. */
const ANY_TIME = { monoMs: 0, wallMs: 0, era: '' }

/**
 * What of a damaged store can be proved, out of the entries that could still be read. A signed document stands if its signature
 * holds, it lies under its own key and a party of its lease signed it. A record of a lease or a job stands if every countersigned
 * receipt that it rests on is among those: money is in signed documents, or it is nowhere. Nothing is made up and nothing mended,
 * so no amount can be higher than it was; but what statements count is worked out again from them where its record is lost, or it would
 * be counted again. A pair whose last statement is lost begins anew, and is shown the others by its peer. A provider's lease that was under way does not stand: receipts that it signed last may be
 * lost without a trace, and another with the same number would prove that it cheats. A renter's job goes on: what it signed for the
 * receipts that it lost, its provider has and does not ask again.
 */
export function salvage(entries: readonly (readonly [key: string, value: Uint8Array])[], envelopes: Verifier): Salvaged {
  const salvager = new Salvager(envelopes)
  // Each kind rests on those before it.
  for (const take of salvager.passes) for (const [key, value] of entries) take(key, value)
  salvager.restate()
  return salvager
}

class Salvager implements Salvaged {
  readonly kept: [string, Uint8Array][] = []
  readonly dropped: Dropped[] = []
  readonly #envelopes: Verifier
  readonly #parties = new Map<string, Parties>()
  /** By key. */
  readonly #receipts = new Map<string, { id: string; amount: bigint }>()
  /** Amounts of countersigned receipts, by id. */
  readonly #agreed = new Map<string, bigint>()
  /** Ids of settled statements and what belongs to them. */
  readonly #settled = new Set<string>()

  /** Under the keys of the store: how much of each lease the settled statements count. */
  readonly #stated = new Map<string, bigint>()
  /** Keys of the pairs that go on where they were. */
  readonly #pairs = new Set<string>()

  constructor(envelopes: Verifier) {
    this.#envelopes = envelopes
  }

  get passes(): ((key: string, value: Uint8Array) => void)[] {
    const pass =
      (isOf: (key: string) => boolean, judge: (key: string, value: Uint8Array) => string | undefined) =>
      (key: string, value: Uint8Array): void => {
        if (isOf(key)) this.#decide(key, value, judge)
      }
    return [
      pass(isAward, (key, value) => this.#award(key, value)),
      pass(isReceipt, (key, value) => this.#receipt(key, value)),
      pass(isAnswer, (key, value) => this.#answer(key, value)),
      pass(isSettled, (key, value) => this.#statement(key, value)),
      pass(
        (key) => kindOf(key) === 'other',
        (key, value) => this.#other(key, value),
      ),
      pass(isStated, (key, value) => this.#statedSoFar(key, value)),
    ]
  }

  /** Writes down again what the statements count of leases of which nobody says it any more. */
  restate(): void {
    const kept = new Set(this.kept.map(([key]) => key))
    for (const [key, amount] of this.#stated) if (!kept.has(key)) this.kept.push([key, encodeRecord({ amount }, ANY_TIME)])
  }

  #decide(key: string, value: Uint8Array, judge: (key: string, value: Uint8Array) => string | undefined): void {
    let why: string | undefined
    try {
      why = judge(key, value)
    } catch (error) {
      why = `${codeOf(error).toLowerCase().replaceAll('_', ' ')}: ${messageOf(error)}`
    }
    if (why === undefined) this.kept.push([key, value])
    else this.dropped.push({ key, why })
  }

  #award(key: string, value: Uint8Array): string | undefined {
    const message = this.#open(value)
    if (message.kind !== 'award' || KEYS.document(message.id as string as LeaseId, 'award') !== key) return 'it is not this award'
    this.#parties.set(message.id, { renter: message.from, provider: message.value.provider })
    return undefined
  }

  #receipt(key: string, value: Uint8Array): string | undefined {
    const message = this.#open(value)
    if (message.kind !== 'receipt' || KEYS.receipt(message.value.leaseId, message.value.seq) !== key)
      return 'it is not this receipt'
    const parties = this.#parties.get(message.value.leaseId)
    if (parties === undefined) return 'the award of its lease is lost'
    if (message.from !== parties.provider) return "its lease's provider did not sign it"
    this.#receipts.set(key, { id: message.id, amount: message.value.amount })
    return undefined
  }

  #answer(key: string, value: Uint8Array): string | undefined {
    const message = this.#open(value)
    if (message.kind !== 'countersignature') return 'it is no countersignature'
    const { leaseId, seq, receiptId } = message.value
    if (KEYS.countersignature(leaseId, seq) !== key) return 'it is not this countersignature'
    const receipt = this.#receipts.get(KEYS.receipt(leaseId, seq))
    if (receipt === undefined || receipt.id !== receiptId) return 'the receipt that it answers is lost'
    if (message.from !== this.#parties.get(leaseId)?.renter) return "its lease's renter did not sign it"
    if (message.value.accepted) this.#agreed.set(receiptId, receipt.amount)
    return undefined
  }

  /** A document of a settled statement. */
  #statement(key: string, value: Uint8Array): string | undefined {
    const message = this.#open(value)
    this.#settled.add(message.id)
    if (message.kind !== 'statement') return undefined
    const { low, high, currency, number, lowEarned, highEarned } = message.value
    const peer = [low, high].find((side) => KEYS.settled(side, currency, number, 'statement') === key)
    if (peer === undefined) return 'it is not this statement'
    for (const { leaseId, amount } of [...lowEarned, ...highEarned]) {
      const stated = KEYS.stated(peer, currency, leaseId)
      if (amount > (this.#stated.get(stated) ?? 0n)) this.#stated.set(stated, amount)
    }
    return undefined
  }

  #other(key: string, value: Uint8Array): string | undefined {
    if (key.startsWith(PREFIXES.document)) return this.#acceptance(key, value)
    if (key.startsWith(PREFIXES.proof)) {
      const { leaseId, seq } = verifyProof(decodeProof(value), this.#envelopes)
      return KEYS.proof(leaseId, seq) === key ? undefined : 'it is not this proof'
    }
    const record = readable(value)
    // What another part of the peer signed stands for itself.
    if (record === undefined) return void this.#open(value)
    if (key.startsWith(PREFIXES.account))
      return this.#agreed.get(record.receiptId ?? '') === record.amount ? undefined : 'the receipt that it books is lost'
    if (key.startsWith(PREFIXES.pair)) {
      if (record.headId !== '' && !this.#settled.has(record.headId ?? '')) return 'the statement that it rests on is lost'
      this.#pairs.add(key)
      return undefined
    }
    if (key.startsWith(PREFIXES.lease) || key.startsWith(PREFIXES.unsigned))
      return OVER.has(record.state?.stage ?? '')
        ? this.#unproved([record])
        : 'it was under way, and what it signed last may be lost'
    if (key.startsWith(PREFIXES.job) && !isAnswerKey(key))
      return this.#unproved([...(record.attempts ?? []), ...(record.state?.attempt === undefined ? [] : [record.state.attempt])])
    return undefined
  }

  /** A pair that goes on counts nothing again, though an earlier statement be lost; one that begins anew is shown what was counted. */
  #statedSoFar(key: string, value: Uint8Array): string | undefined {
    const { amount = 0n } = readable(value) ?? {}
    const counted = this.#stated.get(key) ?? 0n
    const [, peer = '', currency = ''] = key.split('/')
    const goesOn = this.#pairs.has(KEYS.pair(peer as PeerId, currency))
    return amount === counted || (goesOn && amount > counted) ? undefined : 'the statement that counts it is lost'
  }

  #acceptance(key: string, value: Uint8Array): string | undefined {
    const message = this.#open(value)
    if (message.kind !== 'acceptance' || KEYS.document(message.value.leaseId, 'acceptance') !== key)
      return 'it is not this acceptance'
    const parties = this.#parties.get(message.value.leaseId)
    if (parties === undefined) return 'the award of its lease is lost'
    return message.from === parties.provider ? undefined : "its lease's provider did not sign it"
  }

  /** What the record says that no document does. */
  #unproved(resting: readonly Resting[]): string | undefined {
    for (const { leaseId, chain } of resting) {
      if (leaseId === undefined || chain === undefined) return 'it is no such record'
      if (chain.headId !== '' && !this.#agreed.has(chain.headId)) return 'the countersigned receipt that it rests on is lost'
    }
    return undefined
  }

  #open(value: Uint8Array): Received {
    return decodeMessage(this.#envelopes.open(value))
  }
}

type Kind = 'award' | 'receipt' | 'answer' | 'settled' | 'stated' | 'other'

function kindOf(key: string): Kind {
  if (key.startsWith(PREFIXES.document) && key.endsWith('/award')) return 'award'
  if (key.startsWith(PREFIXES.settled)) return 'settled'
  if (key.startsWith(PREFIXES.stated)) return 'stated'
  if (!key.startsWith(PREFIXES.receipt)) return 'other'
  return key.endsWith('/0') ? 'receipt' : 'answer'
}
const isAward = (key: string): boolean => kindOf(key) === 'award'
const isReceipt = (key: string): boolean => kindOf(key) === 'receipt'
const isSettled = (key: string): boolean => kindOf(key) === 'settled'
const isStated = (key: string): boolean => kindOf(key) === 'stated'
const isAnswer = (key: string): boolean => kindOf(key) === 'answer'

/** Undefined: these bytes are no record. */
function readable(value: Uint8Array): RecordShape | undefined {
  try {
    return decodeRecord<RecordShape>(value, ANY_TIME).value
  } catch {
    return undefined
  }
}
