import type { LeaseId, MessageId, PeerId } from '@weft/protocols'
import type { Resources } from '@weft/protocols/wire'
import type { Checker, Onlooker } from './checker.ts'

interface Promises {
  reserved: Map<MessageId, { renter: PeerId; untilMs: number }>
  leased: Map<LeaseId, Resources>
}
/** What was asked, by order: a bid names only the order. */
const ORDERS_MAX = 100_000

/** Invariant 2: leased never exceeds what the provider has; nor does what its containers really use. */
export function capacity(onlooker: Onlooker): Checker {
  const promises = new Map<PeerId, Promises>()
  const orders = new Map<MessageId, Resources>()
  const of = (provider: PeerId): Promises => {
    const known = promises.get(provider) ?? { reserved: new Map(), leased: new Map() }
    promises.set(provider, known)
    return known
  }
  const check = (provider: PeerId, atMs: number): string | undefined => {
    const has = onlooker.capacityOf(provider)
    if (has === undefined || onlooker.isByzantine(provider)) return undefined
    const { reserved, leased } = of(provider)
    const all = [...leased.values()]
    for (const [orderId, { untilMs }] of reserved) {
      const wanted = orders.get(orderId)
      if (untilMs <= atMs) reserved.delete(orderId)
      else if (wanted !== undefined) all.push(wanted)
    }
    const sum = (pick: (one: Resources) => number) => all.reduce((total, one) => total + pick(one), 0)
    const gpus = has.gpus.reduce((total, gpu) => total + gpu.count, 0)
    const over =
      sum((one) => one.gpuCount) > gpus ||
      sum((one) => one.cpuMilli) > has.cpuMilli ||
      sum((one) => one.memoryMib) > has.memoryMib ||
      sum((one) => one.diskMib) > has.diskMib
    return over ? `${provider} has promised more than it has: ${all.length} promises` : undefined
  }
  return {
    invariant: 'capacity',
    sent(report, atMs, message, _to, lease) {
      if (message.kind === 'order') remember(orders, message.id, message.value.resources)
      if (message.kind === 'acceptance' && lease !== undefined && !lease.over) {
        const { leased, reserved } = of(lease.provider)
        reserved.delete(lease.award.orderId)
        leased.set(lease.leaseId, lease.award.resources)
      } else if (message.kind === 'bid' && message.value.firm) {
        const { validMs, orderId } = message.value
        of(message.from).reserved.set(orderId, { renter: _to, untilMs: atMs + validMs })
      } else return
      const problem = check(message.from, atMs)
      if (problem !== undefined) report(problem)
    },
    delivered(_report, _atMs, message, to) {
      if (message.kind === 'order') remember(orders, message.id, message.value.resources)
      if (message.kind !== 'release') return
      const reserved = promises.get(to)?.reserved
      if (reserved?.get(message.value.orderId)?.renter === message.from) reserved.delete(message.value.orderId)
    },
    note(_report, _atMs, peer, note) {
      if (note.type === 'lease' && ['final', 'settled', 'closed'].includes(note.state))
        promises.get(peer)?.leased.delete(note.leaseId)
    },
    returned(_report, _atMs, peer, { leases }) {
      // Reservations are promises of a few seconds; those of an earlier life lapsed with it.
      const own = promises.get(peer)
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
