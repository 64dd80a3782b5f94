import type { Checker, Onlooker } from './checker.ts'

/** Invariant 1: a lease exists when its provider accepted and its renter sent the manifest; nothing runs before, or is billed. */
export function commit(onlooker: Onlooker): Checker {
  return {
    invariant: 'commit',
    started(report, _atMs, { leaseId, acceptedMs, manifestMs, provider }) {
      if (onlooker.isByzantine(provider)) return
      if (acceptedMs === undefined) report(`a container runs for ${leaseId}, which its provider never accepted`)
      if (manifestMs === undefined) report(`a container runs for ${leaseId}, whose manifest was never sent`)
    },
    sent(report, _atMs, message, _to, lease) {
      if (message.kind !== 'countersignature' || !message.value.accepted || lease === undefined) return
      if (lease.manifestMs === undefined && message.from === lease.renter && !onlooker.isByzantine(message.from))
        report(`receipt ${message.value.seq} of ${lease.leaseId} was countersigned, but the lease was never committed`)
    },
  }
}
