import type { CapacityInit, ChallengingInit, Note } from '@weft/protocols/core'
import type { Meter } from '@weft/protocols/ports'
import { type MeterTime, PhysicalCard, type Relay, SimulatedMeter, sha256 } from '@weft/protocols/testing'
import { toHex, utf8 } from '@weft/protocols/wire'
import type { Role } from '../faults/roles.ts'
import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { MeasureBook } from '../metrics/measure-book.ts'
import { cardOf, processorOf } from '../presets/machines.ts'
import type { Machine, Measure } from '../scenario.ts'

interface Around {
  readonly measure: Measure
  readonly peers: number
  readonly kernel: Kernel
  readonly fleet: { readonly providers: readonly number[]; machine(peer: number): Machine | undefined }
  readonly roles: ReadonlyMap<number, Role>
  /** Who shows somebody else's cards: whose. */
  readonly ownerOf: ReadonlyMap<number, number>
  /** Round trip between two peers, ms. */
  roundTripMs(from: number, to: number): number
  indexOf(peer: string): number | undefined
  /** A provider's cards answer a challenge, or are done with it. */
  measures(peer: number, isUnderWay: boolean): void
}

/** What stands in one machine: its cards, or where it has none its processor. */
type Cards = readonly PhysicalCard[]

/** The cards of a run: what providers announce of them, what they really do, and what comes of challenges. */
export class Hardware {
  readonly challenges: ChallengingInit
  readonly book: MeasureBook
  readonly #around: Around
  readonly #speeds: Stream
  readonly #cards = new Map<number, Cards>()
  readonly #meters = new Map<number, Meter>()

  constructor(around: Around) {
    const { roundsPerDay, groupMax, retrySeconds } = around.measure
    this.#around = around
    this.challenges = { roundsPerDay, groupMax, retryMs: retrySeconds * 1_000 }
    this.book = new MeasureBook(around)
    this.#speeds = around.kernel.draws.stream('card-speeds', around.peers)
  }

  /** What the peer announces: each card has a hash, and liars have more of them than cards. */
  capacityOf(peer: number, capacity: CapacityInit): CapacityInit {
    const gpus = capacity.gpus.map((gpu) => {
      const uuidHashes = this.#hashes(peer, gpu.count)
      return { ...gpu, count: uuidHashes.length, uuidHashes }
    })
    return { ...capacity, gpus }
  }

  /** One machine has one address; a hidden twin hides behind another's. */
  addressesOf(peer: number): readonly string[] {
    const { roles, ownerOf } = this.#around
    const machine = roles.get(peer) === 'twin' ? (ownerOf.get(peer) ?? peer) : peer
    return [`/ip4/10.${machine >>> 16}.${(machine >>> 8) & 255}.${machine & 255}/tcp/4170`]
  }

  /** Of a provider; it outlives its sessions. */
  meterOf(peer: number): Meter | undefined {
    if (this.#around.fleet.machine(peer) === undefined) return undefined
    let meter = this.#meters.get(peer)
    if (meter === undefined) {
      meter = this.#meter(peer)
      this.#meters.set(peer, meter)
    }
    return meter
  }

  /** A container on so many of the peer's cards began; it ends with as many less than none. */
  runs(peer: number, gpus: number): void {
    const cards = this.#cardsOf(peer)
    for (let i = 0; i < Math.min(Math.abs(gpus), cards.length); i++) (cards[i] as PhysicalCard).programs += Math.sign(gpus)
  }

  came(peer: number): void {
    if (this.#around.fleet.machine(peer) !== undefined) this.book.came(peer, this.#around.kernel.nowUs)
  }

  gone(peer: number): void {
    this.#meters.get(peer)?.release()
    this.book.gone(peer, this.#around.kernel.nowUs)
  }

  note(peer: number, note: Note): void {
    this.book.note(peer, note, this.#around.kernel.nowUs)
  }

  #hashes(peer: number, count: number): Uint8Array[] {
    const announced = this.#around.roles.get(peer) === 'doubler' ? 2 * count : count
    return Array.from({ length: announced }, (_, i) => sha256(utf8(`${peer}/${i}`)))
  }

  #cardsOf(peer: number): Cards {
    const owner = this.#around.ownerOf.get(peer) ?? peer
    let cards = this.#cards.get(owner)
    if (cards === undefined) {
      cards = this.#made(owner)
      this.#cards.set(owner, cards)
    }
    return cards
  }

  #made(owner: number): Cards {
    const machine = this.#around.fleet.machine(owner)
    if (machine === undefined) return []
    const speed = 1 - this.#around.measure.speedSpread * this.#speeds.fraction(owner)
    const time = this.#timeOf(owner)
    if (machine.gpus === 0) return [new PhysicalCard(processorOf(machine, speed), time)]
    const model = cardOf(machine, speed)
    const share = this.#around.roles.get(owner) === 'padder' ? 0.5 : 1
    return Array.from({ length: machine.gpus }, () => new PhysicalCard({ ...model, memoryMib: share * model.memoryMib }, time))
  }

  #meter(peer: number): Meter {
    const { fleet, kernel, measures } = this.#around
    const cards = this.#cardsOf(peer)
    const gpus = fleet.machine(peer)?.gpus ?? 0
    const names = gpus === 0 ? [''] : this.#hashes(peer, gpus).map(toHex)
    const named = new Map(names.map((name, i) => [name, cards[i % cards.length] as PhysicalCard]))
    const shortage = this.#around.roles.get(peer) === 'padder' ? 'spill' : 'refill'
    const init = { owner: String(peer), cards: named, time: this.#timeOf(peer), shortage, relay: this.#relayOf(peer) } as const
    const inner = new SimulatedMeter(init)
    return {
      perform: (task) => {
        measures(peer, true)
        return inner.perform(task)
      },
      release: () => {
        inner.release()
        measures(peer, false)
        this.book.released(peer, kernel.nowUs)
      },
      check: (task, report, picks) => inner.check(task, report, picks),
    }
  }

  #relayOf(peer: number): Relay | undefined {
    const { roles, ownerOf, roundTripMs } = this.#around
    const [role, owner] = [roles.get(peer), ownerOf.get(peer)]
    if (owner === undefined || (role !== 'relay' && role !== 'borrower')) return undefined
    return { roundTripMs: roundTripMs(peer, owner), isAgreed: role === 'borrower' }
  }

  #timeOf(peer: number): MeterTime {
    const { kernel } = this.#around
    return {
      nowMs: () => kernel.nowUs / 1_000,
      wait: (ms) =>
        new Promise((resolve) => {
          kernel.after(peer, Math.round(ms * 1_000), () => {
            resolve()
            kernel.settle()
          })
        }),
    }
  }
}
