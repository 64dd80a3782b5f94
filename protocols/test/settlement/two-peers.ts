// Two peers with statements and nothing else of a host, over a network that a test holds in its hands: what each sends waits in its outbox.
import { leaseId, messageId, micros, type PeerId } from '@weft/protocols'
import {
  decodeRecord,
  type Effect,
  encodeRecord,
  KEYS,
  type Moment,
  type Note,
  type Pair,
  PREFIXES,
  type Settled,
  Statements,
} from '@weft/protocols/core'
import { MemoryStore, SimulatedSigner } from '@weft/protocols/testing'
import { type Envelopes, MessageOpener, peerIdOf, type Statement } from '@weft/protocols/wire'
import fc from 'fast-check'
import { expect } from 'vitest'
import { Step } from '../../src/core/step.ts'
import { readBooks, readSettled, unstatedWith } from '../../src/host/books.ts'

export const LEASES = 4
const id = (i: number) => leaseId(i.toString(16).padStart(64, '0'))
const receiptOf = (lease: number, seq: number) => messageId((lease * 1_000 + seq).toString(16).padStart(64, '0'))
export const opener = new MessageOpener('crossing', new SimulatedSigner(0))

export class Peer {
  readonly signer: SimulatedSigner
  readonly id: PeerId
  readonly store = new MemoryStore()
  readonly sealing: { envelopes: Envelopes; signer: SimulatedSigner }
  readonly outbox: Uint8Array[] = []
  readonly notes: Note[] = []
  statements: Statements
  /** The next step's effects are lost with the process. */
  diesNext = false
  nowMs = 1_000
  /** What the books said, while that takes its time to come; undefined: it is there at once. */
  slowBooks: (() => Promise<void>)[] | undefined

  constructor(seed: number) {
    this.signer = new SimulatedSigner(seed)
    this.id = peerIdOf(this.signer.publicKey)
    this.sealing = { envelopes: opener.envelopes, signer: this.signer }
    this.statements = new Statements(this.id)
  }

  get books() {
    return { store: this.store, envelopes: opener.envelopes }
  }

  moment(): Moment {
    return { monoMs: this.nowMs, wallMs: 1_800_000_000_000 + this.nowMs, era: 'one', seed: new Uint8Array(32) }
  }

  async step(act: (statements: Statements, step: Step) => void): Promise<void> {
    const step = new Step(this.moment(), this.sealing)
    act(this.statements, step)
    if (this.diesNext) {
      await this.restart()
      return
    }
    const effects = step.effects()
    const ops = effects.flatMap((effect) => (effect.type === 'persist' ? effect.ops : []))
    this.store.batch(ops, { sync: true })
    for (const effect of effects) await this.#perform(effect)
  }

  async restart(): Promise<void> {
    this.diesNext = false
    this.statements = new Statements(this.id)
    for await (const [, bytes] of this.store.list(PREFIXES.pair))
      this.statements.restore(decodeRecord<Pair>(bytes, this.moment()))
  }

  /** What this peer knows of its statements is gone; `documents`: these too. */
  async forget(documents: boolean): Promise<void> {
    const lost = ['pair/', 'stated/', ...(documents ? [PREFIXES.settled] : [])]
    for (const prefix of lost) {
      const keys: string[] = []
      for await (const [key] of this.store.list(prefix)) keys.push(key)
      this.store.batch(
        keys.map((key) => ({ key, value: undefined })),
        { sync: true },
      )
    }
    await this.restart()
  }

  async #perform(effect: Effect): Promise<void> {
    if (effect.type === 'send') this.outbox.push(effect.bytes)
    if (effect.type === 'note') this.notes.push(effect.note)
    if (effect.type !== 'execute' || effect.call.on !== 'books') return
    const outcome = await readBooks(effect.call, this.books)
    const id = messageId(effect.token.slice('books/'.length))
    const tell = () => this.step((statements, step) => statements.read(step, id, outcome))
    if (this.slowBooks === undefined) await tell()
    else this.slowBooks.push(tell)
  }

  /** All that was asked of the books is here, in the order of asking. */
  async booksRead(): Promise<void> {
    for (const slow = this.slowBooks ?? []; slow.length > 0; ) await slow.shift()?.()
    this.slowBooks = undefined
  }

  async hear(bytes: Uint8Array): Promise<void> {
    const message = opener.open(bytes)
    if (message instanceof Error) throw message
    await this.step((statements, step) => {
      if (message.kind === 'statement') statements.statement(step, message)
      else if (message.kind === 'statementAnswer') statements.answer(step, message)
      else if (message.kind === 'statementState') statements.state(step, message)
      else if (message.kind === 'paid') statements.paid(step, message)
      else if (message.kind === 'paidReceived') statements.paidReceived(step, message)
    })
  }

  async settle(other: Peer): Promise<void> {
    const unstated = await unstatedWith(this.books, other.id, 'USD', 500)
    await this.step((statements, step) => statements.settle(step, other.id, unstated))
  }
}

export class World {
  readonly peers = [new Peer(1), new Peer(2)] as const
  readonly amounts = new Array<bigint>(LEASES).fill(0n)
  readonly seqs = new Array<number>(LEASES).fill(0)
  /** Entries that one side has not booked yet. */
  late: { peer: Peer; lease: number }[] = []

  other(peer: Peer): Peer {
    return peer === this.peers[0] ? this.peers[1] : this.peers[0]
  }

  /** A lease goes on; its provider hears of the countersignature now or later. */
  grow(lease: number, more: bigint, isLate: boolean): void {
    this.amounts[lease] = (this.amounts[lease] ?? 0n) + more
    this.seqs[lease] = (this.seqs[lease] ?? 0) + 1
    const provider = this.peers[lease % 2] as Peer
    this.#book(this.other(provider), lease, 'renter')
    if (isLate) this.late.push({ peer: provider, lease })
    else this.#book(provider, lease, 'provider')
  }

  bookLate(): void {
    for (const { peer, lease } of this.late) this.#book(peer, lease, 'provider')
    this.late = []
  }

  #book(peer: Peer, lease: number, role: 'provider' | 'renter'): void {
    const seq = this.seqs[lease] ?? 0
    const amount = micros(this.amounts[lease] ?? 0n)
    const entry = { role, jobId: '' as const, seq, receiptId: receiptOf(lease, seq), runMs: seq, amount }
    const key = KEYS.account({ peer: this.other(peer).id, currency: 'USD', leaseId: id(lease), day: '2027-01-15' })
    peer.store.batch([{ key, value: encodeRecord(entry, peer.moment()) }], { sync: true })
  }

  async agreed(peer: Peer): Promise<Settled[]> {
    const all: Settled[] = []
    for (let n = 1; ; n++) {
      const settled = await readSettled(peer.books, this.other(peer).id, 'USD', n)
      if (settled === undefined) return all
      all.push(settled)
    }
  }
}

type Op =
  | { do: 'grow'; lease: number; more: bigint; isLate: boolean }
  | { do: 'book' }
  | { do: 'settle' | 'pay' | 'die' | 'restart' | 'tick'; peer: 0 | 1 }
  | { do: 'deliver'; peer: 0 | 1; which: number; fate: 'once' | 'again' | 'lost' }

export const peerIndex = fc.constantFrom<0 | 1>(0, 1)
export const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({
    do: fc.constant('grow' as const),
    lease: fc.nat(LEASES - 1),
    more: fc.bigInt({ min: 1n, max: 1_000n }),
    isLate: fc.boolean(),
  }),
  fc.record({ do: fc.constant('book' as const) }),
  fc.record({
    do: fc.constantFrom(
      'settle' as const,
      'settle' as const,
      'die' as const,
      'pay' as const,
      'restart' as const,
      'tick' as const,
    ),
    peer: peerIndex,
  }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      peer: peerIndex,
      which: fc.nat(9),
      fate: fc.constantFrom('once' as const, 'once' as const, 'again' as const, 'lost' as const),
    }),
  },
)

/** Acknowledges the first statement that gives this peer something and is not acknowledged yet. */
async function pay(world: World, peer: Peer): Promise<void> {
  const unpaid = (await world.agreed(peer)).find(({ statement, paid }) => statement.creditor === peer.id && paid === undefined)
  if (unpaid !== undefined) await peer.step((statements, step) => statements.payment(step, unpaid, 'invoice 7'))
}

export async function apply(world: World, op: Op): Promise<void> {
  if (op.do === 'grow') world.grow(op.lease, op.more, op.isLate)
  else if (op.do === 'book') world.bookLate()
  else {
    const peer = world.peers[op.peer]
    const other = world.other(peer)
    if (op.do === 'settle') await peer.settle(other)
    else if (op.do === 'pay') await pay(world, peer)
    else if (op.do === 'die') peer.diesNext = true
    else if (op.do === 'restart') await peer.restart()
    else if (op.do === 'tick') {
      peer.nowMs += 600_000
      await peer.step((statements, step) => statements.tick(step))
    } else if (op.do === 'deliver' && peer.outbox.length > 0) {
      const at = op.which % peer.outbox.length
      const bytes = peer.outbox[at] as Uint8Array
      if (op.fate !== 'again') peer.outbox.splice(at, 1)
      if (op.fate !== 'lost') await other.hear(bytes)
    }
  }
}

/** Faults are over: everything sent arrives, in order, and what waits is sent again. */
export async function heal(world: World): Promise<void> {
  world.bookLate()
  for (let round = 0; round < 12; round++) {
    for (const peer of world.peers) {
      peer.diesNext = false
      if (round > 2) await peer.settle(world.other(peer))
      peer.nowMs += 600_000
      await peer.step((statements, step) => statements.tick(step))
      await deliverAll(world)
    }
  }
}

export function countedOnce(world: World, agreed: readonly { statement: Statement }[]): void {
  const stated = new Array<bigint>(LEASES).fill(0n)
  for (const { statement } of agreed) {
    for (const line of [...statement.lowEarned, ...statement.highEarned]) {
      const lease = Number(`0x${line.leaseId}`)
      expect(line.stated).toBe(stated[lease])
      stated[lease] = line.amount
      expect(line.amount <= (world.amounts[lease] ?? 0n)).toBe(true)
    }
  }
}

/** Both have the same statements, which count all that was earned, once. */
export async function settledUp(world: World, { knowsPaid } = { knowsPaid: true }): Promise<void> {
  const [a, b] = await Promise.all(world.peers.map((peer) => world.agreed(peer)))
  expect(a?.map(({ id }) => id)).toEqual(b?.map(({ id }) => id))
  if (knowsPaid) expect(a?.map(({ paid }) => paid)).toEqual(b?.map(({ paid }) => paid))
  expect(world.peers.map(({ statements }) => statements.all().flatMap(({ paid }) => paid))).toEqual([[], []])
  countedOnce(world, a ?? [])
  const earned = [0n, 0n]
  for (const { statement } of a ?? []) {
    const isLow = statement.low === world.peers[0].id
    earned[0] = (earned[0] ?? 0n) + (isLow ? statement.lowGross : statement.highGross)
    earned[1] = (earned[1] ?? 0n) + (isLow ? statement.highGross : statement.lowGross)
  }
  const owed = [0, 1].map((p) => world.amounts.reduce((sum, amount, lease) => sum + (lease % 2 === p ? amount : 0n), 0n))
  expect(earned).toEqual(owed)
}

/** Everything that is on its way arrives, one message of each in turn. */
export async function deliverAll(world: World): Promise<void> {
  for (let i = 0; i < 50 && world.peers.some(({ outbox }) => outbox.length > 0); i++) {
    for (const sender of world.peers) {
      const bytes = sender.outbox.shift()
      if (bytes !== undefined) await world.other(sender).hear(bytes)
    }
  }
}
