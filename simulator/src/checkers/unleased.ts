import type { LeaseId, PeerId } from '@weft/protocols'
import type { Checker, Onlooker } from './checker.ts'

const OVER: readonly string[] = ['final', 'settled', 'closed']

/** Cards answer challenges only while nothing is leased, and nothing is leased while they do. */
export function unleased(onlooker: Onlooker): Checker {
  const leased = new Map<PeerId, Set<LeaseId>>()
  const measuring = new Set<PeerId>()
  return {
    invariant: 'unleased',
    sent(report, _atMs, message, _to, lease) {
      if (message.kind !== 'acceptance' || lease === undefined || lease.over || lease.provider !== message.from) return
      const own = leased.get(lease.provider) ?? new Set()
      leased.set(lease.provider, own.add(lease.leaseId))
      if (measuring.has(lease.provider) && !onlooker.isByzantine(lease.provider))
        report(`${lease.provider} accepts ${lease.leaseId} while its cards answer a challenge`)
    },
    measures(report, _atMs, provider, isUnderWay) {
      if (!isUnderWay) {
        measuring.delete(provider)
        return
      }
      measuring.add(provider)
      const [lease] = leased.get(provider) ?? []
      if (lease !== undefined && !onlooker.isByzantine(provider))
        report(`the cards of ${provider} answer a challenge under lease ${lease}`)
    },
    note(_report, _atMs, peer, note) {
      if (note.type === 'lease' && OVER.includes(note.state)) leased.get(peer)?.delete(note.leaseId)
    },
    returned(_report, _atMs, peer, { leases }) {
      const own = leased.get(peer)
      const alive = new Set<string>(leases.filter(({ state }) => !OVER.includes(state)).map((one) => one.leaseId))
      for (const leaseId of own ?? []) if (!alive.has(leaseId)) own?.delete(leaseId)
    },
  }
}
