import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { ExecutorError, type LeaseId } from '@weft/protocols'
import { serves } from '@weft/protocols/core'
import type { Work } from '@weft/protocols/ports'
import type { Gpu } from '@weft/protocols/wire'
import { type Device, deviceHash } from '../capacity/index.ts'

/** One card of this machine, as the engine names it. */
export interface Card {
  uuid: string
  /** Which of the announced kinds it is. */
  kind: Gpu
}

/**
 * The lent devices with the announced kind of each, in the order of the kinds: the capacity carries only hashes of their ids, because
 * an id tells one machine from all others.
 */
export function announcedCards(gpus: readonly Gpu[], devices: readonly Device[]): Card[] {
  const cards = devices.flatMap(({ id: uuid }) => {
    const digest = deviceHash(uuid)
    const kind = gpus.find((gpu) => gpu.uuidHashes.some((known) => Buffer.compare(known, digest) === 0))
    return kind === undefined ? [] : [{ uuid, kind }]
  })
  return cards.toSorted((a, b) => gpus.indexOf(a.kind) - gpus.indexOf(b.kind))
}

/** Which lease has which card: no card is ever given to two leases that are under way, also over a restart. */
export class GpuGrants {
  readonly #cards: readonly Card[]
  readonly #file: string
  readonly #isActive: (leaseId: LeaseId) => boolean
  readonly #grants: Map<LeaseId, readonly string[]>

  /** `file` keeps the grants; `isActive`: the lease holds capacity, so something of it may run. */
  constructor(cards: readonly Card[], file: string, isActive: (leaseId: LeaseId) => boolean) {
    this.#cards = cards
    this.#file = file
    this.#isActive = isActive
    this.#grants = new Map(readGrants(file))
  }

  /** A container that is there has these, whatever the file says. */
  adopt(leaseId: LeaseId, uuids: readonly string[]): void {
    if (uuids.length > 0) this.#grants.set(leaseId, uuids)
  }

  /**
   * The lease's cards, the same whenever it is asked: all of one kind, the smallest that serves, as the market's ledger counts
   * them. Throws ExecutorError where too few fitting ones are free.
   */
  take({ leaseId, grant }: Pick<Work, 'leaseId' | 'grant'>): readonly string[] {
    if (grant.gpuCount === 0) return []
    const known = this.#grants.get(leaseId)
    if (known !== undefined) return known
    for (const other of this.#grants.keys()) if (!this.#isActive(other)) this.#grants.delete(other)
    const taken = new Set([...this.#grants.values()].flat())
    const free = new Map<Gpu, string[]>()
    for (const { uuid, kind } of this.#cards) {
      if (!taken.has(uuid) && serves(grant, kind)) free.set(kind, [...(free.get(kind) ?? []), uuid])
    }
    const [smallest] = [...free]
      .filter(([, uuids]) => uuids.length >= grant.gpuCount)
      .toSorted(([a], [b]) => a.vramMib - b.vramMib)
    if (smallest === undefined) {
      const most = Math.max(0, ...[...free.values()].map((uuids) => uuids.length))
      throw new ExecutorError(
        'ENGINE_FAILED',
        `the lease has ${grant.gpuCount} GPUs and only ${most} fitting ones of one kind are free`,
      )
    }
    const chosen = smallest[1].slice(0, grant.gpuCount)
    this.#grants.set(leaseId, chosen)
    this.#save()
    return chosen
  }

  #save(): void {
    const draft = `${this.#file}.tmp`
    writeFileSync(draft, `${JSON.stringify([...this.#grants])}\n`, { mode: 0o600 })
    renameSync(draft, this.#file)
  }
}

function readGrants(file: string): [LeaseId, readonly string[]][] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as [LeaseId, readonly string[]][]
  } catch {
    return []
  }
}
