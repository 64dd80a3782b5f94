import type { JobId, LeaseId, PeerId } from '@weft/protocols'
import type { JobView, LeaseView, Note } from '@weft/protocols/core'
import type { Capacity, Receipt, Received } from '@weft/protocols/wire'
import type { Violation } from '../result.ts'
import { Deadlines, type Ending } from './deadlines.ts'
import { Facts, type LeaseFacts, workedMs } from './facts.ts'

/** What the checkers may ask about the world; not how it came to be. */
export interface Onlooker {
  capacityOf(provider: PeerId): Pick<Capacity, 'gpus' | 'cpuMilli' | 'memoryMib' | 'diskMib'> | undefined
  /** What all strangers together may leave unsigned at a provider; undefined: it gives as much as they take. */
  strangersCap(provider: PeerId): bigint | undefined
  /** Peers that were told to break the rules: what they do is no violation, what others suffer is. */
  isByzantine(peer: PeerId): boolean
  /** Since when the peer has been online in a network that no fault cuts; Infinity: it is not, or one does. */
  calmSinceMs(peer: PeerId): number
  /** Since when the peer's process has run without a break; Infinity: it does not, or is frozen. */
  actsSinceMs(peer: PeerId): number
}

/** What a checker says when an invariant does not hold. */
export type Report = (text: string) => void

/**
 * One invariant, watched by an onlooker who sees every message and every container. A method that is not there is not
 * called; `facts` already hold what the event tells, but for `before`, which runs first.
 */
export interface Checker {
  readonly invariant: string
  /** A message leaves its sender. `lease`: the one it is about, if it is known. */
  sent?(report: Report, atMs: number, message: Received, to: PeerId, lease: LeaseFacts | undefined): void
  /** An order leaves by gossip, once for all who will hear it. */
  published?(message: Received): void
  delivered?(report: Report, atMs: number, message: Received, to: PeerId, lease: LeaseFacts | undefined): void
  started?(report: Report, atMs: number, lease: LeaseFacts): void
  ended?(report: Report, atMs: number, lease: LeaseFacts): void
  note?(report: Report, atMs: number, peer: PeerId, note: Note): void
  /** A provider's cards answer a challenge, or are done with it. */
  measures?(report: Report, atMs: number, provider: PeerId, isUnderWay: boolean): void
  /** A peer came back with what its store still held. */
  returned?(report: Report, atMs: number, peer: PeerId, books: Books): void
  /** A peer goes, or its machine crashes, with these in memory. */
  went?(report: Report, atMs: number, peer: PeerId, books: Books): void
  /** The run is over. */
  finish?(report: Report, atMs: number, ending: Ending): void
}

/** What one peer believes, in the form it shows to people. */
export interface Books {
  jobs: readonly JobView[]
  leases: readonly LeaseView[]
}

/** A run that breaks an invariant usually breaks it often: the first of each say enough. */
export const VIOLATIONS_MAX = 100

/** Half of all messages, and they bind nobody: no invariant speaks of them. */
const UNBINDING: ReadonlySet<Received['kind']> = new Set(['hello', 'ask', 'capacity'])

type Event = 'published' | 'sent' | 'delivered' | 'started' | 'ended' | 'note' | 'measures' | 'returned' | 'went' | 'finish'
/** A checker with the function that it reports by: made once, for events are many. */
type Listener<Name extends Event> = { check: Checker & Required<Pick<Checker, Name>>; report: Report }

/** All checkers over one world: keeps the facts, calls each checker, collects what it says. */
export class Checkers {
  readonly violations: Violation[] = []
  readonly facts = new Facts()
  readonly #deadlines: Deadlines
  readonly #listeners: { [Name in Event]: Listener<Name>[] }
  /** How often each invariant broke. */
  readonly #said = new Map<string, number>()
  #nowMs = 0

  constructor(checkers: readonly Checker[], onlooker: Pick<Onlooker, 'calmSinceMs'>) {
    this.#deadlines = new Deadlines(onlooker)
    const reports = checkers.map(
      ({ invariant }): Report =>
        (text) =>
          this.#violation(invariant, text),
    )
    const listening = <Name extends Event>(name: Name): Listener<Name>[] =>
      checkers.flatMap((check, i) =>
        check[name] === undefined ? [] : [{ check: check as Listener<Name>['check'], report: reports[i] as Report }],
      )
    this.#listeners = {
      published: listening('published'),
      sent: listening('sent'),
      delivered: listening('delivered'),
      started: listening('started'),
      ended: listening('ended'),
      note: listening('note'),
      measures: listening('measures'),
      returned: listening('returned'),
      went: listening('went'),
      finish: listening('finish'),
    }
  }

  /** A renter was given a job; `limitMs`: what it takes at most where nothing comes between. */
  submitted(atMs: number, jobId: JobId, limitMs: number): void {
    this.#deadlines.submitted(atMs, jobId, limitMs)
  }

  sent(atMs: number, message: Received, to: PeerId): void {
    if (UNBINDING.has(message.kind)) return
    this.#nowMs = atMs
    const lease = this.#learnSent(atMs, message)
    for (const { check, report } of this.#listeners.sent) check.sent(report, atMs, message, to, lease)
    if (lease !== undefined) learnSigned(message, lease)
  }

  published(atMs: number, message: Received): void {
    this.#nowMs = atMs
    for (const { check } of this.#listeners.published) check.published(message)
  }

  delivered(atMs: number, message: Received, to: PeerId): void {
    if (UNBINDING.has(message.kind)) return
    this.#nowMs = atMs
    const lease = leaseOf(message, this.facts)
    for (const { check, report } of this.#listeners.delivered) check.delivered(report, atMs, message, to, lease)
    if (lease === undefined || message.from !== lease.renter || to !== lease.provider) return
    if (message.kind === 'countersignature') {
      const open = lease.open.get(message.value.receiptId)
      if (open === undefined || open.isRefused) return
      if (!message.value.accepted) {
        open.isRefused = true
        return
      }
      const heldSeq = lease.held?.seq ?? 0
      // What it may have forgotten in a crash it knows now, whatever it was about to repeat when this came.
      if (message.value.seq >= heldSeq) lease.doubtful = false
      // A countersignature that comes again, late, changes nothing else.
      if (message.value.seq <= heldSeq) return
      lease.heldBefore = lease.held
      lease.held = { seq: message.value.seq, id: open.id, receipt: open.receipt }
      lease.heldMs = atMs
      lease.workedHeldMs = workedMs(lease, atMs)
      for (const [id, { receipt }] of lease.open) if (receipt.seq < message.value.seq - 1) lease.open.delete(id)
    }
  }

  started(atMs: number, leaseId: LeaseId): void {
    this.#nowMs = atMs
    const lease = this.facts.lease(leaseId)
    if (lease === undefined) {
      this.#violation('commit', `a container runs for ${leaseId}, which nobody awarded`)
      return
    }
    lease.runningSinceMs = atMs
    lease.workingSinceMs = atMs
    for (const { check, report } of this.#listeners.started) check.started(report, atMs, lease)
  }

  ended(atMs: number, leaseId: LeaseId): void {
    const lease = this.facts.lease(leaseId)
    if (lease?.runningSinceMs === undefined) return
    this.#nowMs = atMs
    for (const { check, report } of this.#listeners.ended) check.ended(report, atMs, lease)
    lease.workedMs = workedMs(lease, atMs)
    lease.workingSinceMs = undefined
    lease.runningSinceMs = undefined
  }

  /** `goesOn`: it works again. */
  paused(atMs: number, leaseId: LeaseId, goesOn: boolean): void {
    const lease = this.facts.lease(leaseId)
    if (lease?.runningSinceMs === undefined) return
    lease.workedMs = workedMs(lease, atMs)
    lease.workingSinceMs = goesOn ? atMs : undefined
  }

  note(atMs: number, peer: PeerId, note: Note): void {
    if (note.type === 'awarded') this.facts.decided(note.leaseId, note.jobId)
    this.#nowMs = atMs
    this.#deadlines.note(atMs, note)
    if (note.type === 'lease' && note.isStranger) this.facts.unknown(note.leaseId)
    for (const { check, report } of this.#listeners.note) check.note(report, atMs, peer, note)
    if (note.type === 'lease' && ['final', 'settled', 'closed'].includes(note.state)) {
      const lease = this.facts.lease(note.leaseId)
      if (lease !== undefined) lease.over = true
      // Its renter may be away for long: until the last receipt is answered the lease is not history.
      if (lease !== undefined && note.state !== 'final') this.facts.forget(atMs, lease)
    }
  }

  measures(atMs: number, provider: PeerId, isUnderWay: boolean): void {
    this.#nowMs = atMs
    for (const { check, report } of this.#listeners.measures) check.measures(report, atMs, provider, isUnderWay)
  }

  returned(atMs: number, peer: PeerId, books: Books): void {
    this.#nowMs = atMs
    this.facts.returned(peer)
    for (const { check, report } of this.#listeners.returned) check.returned(report, atMs, peer, books)
  }

  went(atMs: number, peer: PeerId, books: Books): void {
    this.#nowMs = atMs
    for (const { check, report } of this.#listeners.went) check.went(report, atMs, peer, books)
  }

  /** A host stopped by an error of its own: no invariant, and never right. */
  fatal(atMs: number, text: string): void {
    this.#nowMs = atMs
    this.#violation('fatal', text)
  }

  /** The run is over; `healed`: faults had ended and everything had time to end. Returns what could be judged. */
  finish(atMs: number, books: ReadonlyMap<PeerId, Books>, healed: boolean): Ending {
    this.#nowMs = atMs
    const running = [...this.facts.leases.values()].filter(({ runningSinceMs }) => runningSinceMs !== undefined)
    const ending = { ...this.#deadlines.ending(atMs, books, healed), running }
    for (const { check, report } of this.#listeners.finish) check.finish(report, atMs, ending)
    return ending
  }

  #learnSent(atMs: number, message: Received): LeaseFacts | undefined {
    if (message.kind === 'award') return this.facts.awarded(atMs, message)
    const lease = leaseOf(message, this.facts)
    if (lease === undefined) return undefined
    if (message.kind === 'acceptance' && message.from === lease.provider) lease.acceptedMs ??= atMs
    if (message.kind === 'manifest' && message.from === lease.renter) {
      lease.manifestMs ??= atMs
      lease.permitUntilMs = Math.max(lease.permitUntilMs, atMs + message.value.permitMs)
    }
    if (message.kind === 'receipt' && message.from === lease.provider) learnHead(message.value, lease)
    if (message.kind === 'receipt' && message.from === lease.provider && !lease.open.has(message.id))
      lease.open.set(message.id, { id: message.id, receipt: message.value, sentMs: atMs })
    if (message.kind === 'countersignature' && message.from === lease.renter && message.value.accepted) {
      const open = lease.open.get(message.value.receiptId)
      if (open !== undefined) {
        lease.permitUntilMs = Math.max(lease.permitUntilMs, open.sentMs + message.value.permitMs)
      }
    }
    return lease
  }

  #violation(invariant: string, text: string): void {
    const said = this.#said.get(invariant) ?? 0
    this.#said.set(invariant, said + 1)
    if (said < VIOLATIONS_MAX) this.violations.push({ invariant, atSeconds: this.#nowMs / 1_000, text })
  }
}

function leaseOf(message: Received, facts: Facts): LeaseFacts | undefined {
  if (message.kind === 'award') return facts.lease(message.id)
  return 'leaseId' in message.value ? facts.lease(message.value.leaseId) : undefined
}

/** What the renter's countersignatures have reached: learnt after the checkers compared the new one with it. */
function learnSigned(message: Received, lease: LeaseFacts): void {
  if (message.kind !== 'countersignature' || !message.value.accepted || message.from !== lease.renter) return
  const { seq, receiptId } = message.value
  const open = lease.open.get(receiptId)
  if (open !== undefined && seq > (lease.signed?.seq ?? 0)) lease.signed = { seq, id: open.id, receipt: open.receipt }
}

/** The first receipt after a crash shows whether the last countersignature had been written down. */
function learnHead(receipt: Receipt, lease: LeaseFacts): void {
  if (lease.doubtful && receipt.prevHash !== lease.held?.id && receipt.prevHash === (lease.heldBefore?.id ?? ''))
    lease.held = lease.heldBefore
  lease.doubtful = false
}
