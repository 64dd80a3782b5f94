import type { LeaseId, MessageId, PeerId } from '@weft/protocols'
import type { Received, Resources } from '@weft/protocols/wire'
import type { Checker, Onlooker, Report } from './checker.ts'

interface Taken {
  reserved: Map<MessageId, { renter: PeerId; untilMs: number }>
  leased: Map<LeaseId, Resources>
  /** By containers that are there, paused ones too. */
  used: Map<LeaseId, Resources>
}
/** What was asked, by order: a bid names only the order. */
const ORDERS_MAX = 100_000

/** Invariant 2: what is reserved and leased never exceeds what the provider has; nor does what its containers really use. */
export function capacity(onlooker: Onlooker): Checker {
  const takenAt = new Map<PeerId, Taken>()
  const orders = new Map<MessageId, Resources>()
  const of = (provider: PeerId): Taken => {
    const known = takenAt.get(provider) ?? { reserved: new Map(), leased: new Map(), used: new Map() }
    takenAt.set(provider, known)
    return known
  }
  const exceeds = (provider: PeerId, all: readonly Resources[]): boolean => {
    const has = onlooker.capacityOf(provider)
    if (has === undefined || onlooker.isByzantine(provider)) return false
    const sum = (pick: (one: Resources) => number) => all.reduce((total, one) => total + pick(one), 0)
    return (
      sum((one) => one.gpuCount) > has.gpus.reduce((total, gpu) => total + gpu.count, 0) ||
      sum((one) => one.cpuMilli) > has.cpuMilli ||
      sum((one) => one.memoryMib) > has.memoryMib ||
      sum((one) => one.diskMib) > has.diskMib
    )
  }
  const checkPromises = (report: Report, provider: PeerId, atMs: number): void => {
    const { reserved, leased } = of(provider)
    const all = [...leased.values()]
    for (const [orderId, { untilMs }] of reserved) {
      const wanted = orders.get(orderId)
      if (untilMs <= atMs) reserved.delete(orderId)
      else if (wanted !== undefined) all.push(wanted)
    }
    if (exceeds(provider, all)) report(`${provider} has promised more than it has: ${all.length} promises`)
  }
  const learn = (message: Received): void => {
    if (message.kind === 'order') remember(orders, message.id, message.value.resources)
  }
  return {
    invariant: 'capacity',
    published: learn,
    sent(report, atMs, message, to, lease) {
      learn(message)
      if (message.kind === 'acceptance' && lease !== undefined && !lease.over) {
        const { leased, reserved } = of(lease.provider)
        reserved.delete(lease.award.orderId)
        leased.set(lease.leaseId, lease.award.resources)
      } else if (message.kind === 'bid' && message.value.firm) {
        const { validMs, orderId } = message.value
        of(message.from).reserved.set(orderId, { renter: to, untilMs: atMs + validMs })
      } else return
      checkPromises(report, message.from, atMs)
    },
    delivered(_report, _atMs, message, to) {
      learn(message)
      if (message.kind !== 'release') return
      const reserved = takenAt.get(to)?.reserved
      if (reserved?.get(message.value.orderId)?.renter === message.from) reserved.delete(message.value.orderId)
    },
    started(report, _atMs, { leaseId, provider, award }) {
      const { used } = of(provider)
      used.set(leaseId, award.resources)
      if (exceeds(provider, [...used.values()])) report(`${used.size} containers at ${provider} use more than it has`)
    },
    ended(_report, _atMs, { leaseId, provider }) {
      takenAt.get(provider)?.used.delete(leaseId)
    },
    note(_report, _atMs, peer, note) {
      if (note.type === 'lease' && ['final', 'settled', 'closed'].includes(note.state))
        takenAt.get(peer)?.leased.delete(note.leaseId)
    },
    returned(_report, _atMs, peer, { leases }) {
      // Reservations are promises of a few seconds; those of an earlier life lapsed with it.
      const own = takenAt.get(peer)
      if (own === undefined) return
      own.reserved.clear()
      const alive = new Set(
        leases.filter(({ state }) => !['final', 'settled', 'closed'].includes(state)).map((one) => one.leaseId),
      )
      for (const leaseId of own.leased.keys()) if (!alive.has(leaseId)) own.leased.delete(leaseId)
    },
  }
}

function remember(orders: Map<MessageId, Resources>, id: MessageId, resources: Resources): void {
  if (orders.has(id)) return
  orders.set(id, resources)
  if (orders.size > ORDERS_MAX) orders.delete(orders.keys().next().value as MessageId)
}
