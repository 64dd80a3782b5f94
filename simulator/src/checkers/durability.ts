import type { JobId, LeaseId, PeerId } from '@weft/protocols'
import type { Books, Checker, Onlooker, Report } from './checker.ts'

/** Invariant 5: what a peer acknowledged, to its user or to another peer, is still there after a crash. */
export function durability(onlooker: Onlooker): Checker {
  const jobs = new Map<PeerId, Set<JobId>>()
  const leases = new Map<PeerId, Map<LeaseId, bigint>>()
  const compare = (report: Report, peer: PeerId, books: Books): void => {
    if (onlooker.isByzantine(peer)) return
    const knownJobs = new Set(books.jobs.map(({ jobId }) => jobId))
    for (const jobId of jobs.get(peer) ?? [])
      if (!knownJobs.has(jobId)) report(`${peer} forgot job ${jobId}, which it had accepted`)
    const amounts = new Map(books.leases.map(({ leaseId, amount }) => [leaseId, BigInt(amount)]))
    for (const [leaseId, amount] of leases.get(peer) ?? []) {
      const now = amounts.get(leaseId)
      if (now === undefined) report(`${peer} forgot lease ${leaseId}, which it had accepted`)
      else if (now < amount) report(`${peer} counts ${now} for ${leaseId} after its return; it had ${amount} countersigned`)
    }
  }
  return {
    invariant: 'durability',
    sent(_report, _atMs, message, _to, lease) {
      // An award leaves only after its job is on disk; an acceptance only after its lease is.
      if (message.kind === 'award' && lease?.jobId !== undefined) add(jobs, message.from, lease.jobId)
      if (message.kind === 'acceptance' && lease?.provider === message.from) {
        const own = leases.get(message.from) ?? new Map<LeaseId, bigint>()
        if (!own.has(lease.leaseId)) leases.set(message.from, own.set(lease.leaseId, 0n))
      }
      // The next receipt rests on the countersignature before it: that one is on disk by now.
      if (
        message.kind === 'receipt' &&
        lease?.held !== undefined &&
        message.from === lease.provider &&
        message.value.seq > lease.held.seq
      )
        leases.get(message.from)?.set(lease.leaseId, lease.held.receipt.amount)
    },
    note(_report, _atMs, peer, note) {
      if (note.type === 'ordered') add(jobs, peer, note.jobId)
      if (note.type === 'lease' && note.state === 'closed') leases.get(peer)?.delete(note.leaseId)
      if (note.type === 'job-ended') jobs.get(peer)?.delete(note.jobId)
    },
    returned: (report, _atMs, peer, books) => compare(report, peer, books),
  }
}

function add(map: Map<PeerId, Set<JobId>>, peer: PeerId, jobId: JobId): void {
  const set = map.get(peer) ?? new Set()
  map.set(peer, set.add(jobId))
}
