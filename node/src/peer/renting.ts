import { join } from 'node:path'
import { codeOf, type JobId, jobId, type LeaseId, messageOf, type PeerId } from '@weft/protocols'
import type { JobRequest, JobView, Note } from '@weft/protocols/core'
import { Desk } from '../api/desk.ts'
import { isEnded } from '../api/follow.ts'
import { pinImage } from '../api/pin-image.ts'
import { systemClock, systemRandom } from '../clock.ts'
import { DISK_RESERVE_BYTES, freeBytes } from '../executor/disk.ts'
import type { Engine } from '../executor/index.ts'
import type { PeerInit } from '../peer.ts'
import { noteEnd, removeOld } from '../results/ended-jobs.ts'
import { JobFiles } from '../results/job-files.ts'
import { openOutput } from '../results/output-protocol.ts'
import { NodeResults } from '../results/results.ts'
import { sweepSpools } from '../results/retention.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './foundation.ts'
import { ImageArchives } from './image-archives.ts'
import { serveImages } from './image-protocol.ts'
import { Packing } from './packing.ts'

/** The renter's half of a peer: where jobs come in and where their results go. */
export interface Renting {
  files: JobFiles
  results: NodeResults
  desk: Desk
  /** Removes what a crash left behind of jobs that are over, and output that is old. Call once the core's state is loaded. */
  sweep(): Promise<void>
  /** What the core decided: who may fetch what, and until when. */
  note(note: Note): Promise<void>
}

const OUTPUT_BYTES_MAX = 1024 ** 4

export function openRenting(
  init: PeerInit,
  parts: {
    foundation: Foundation
    engine: Engine | undefined
    submit: (request: JobRequest) => Promise<JobView>
    jobs: () => JobView[]
    job: (jobId: JobId) => JobView | undefined
    cleanup: Cleanup
  },
): Renting {
  const { engine, submit, jobs, job, cleanup } = parts
  const { network, content } = parts.foundation
  const files = new JobFiles(init.home.paths.jobs)
  const results = new NodeResults({
    files,
    open: openOutput(init.network, network.channels),
    async fetchTree(directory, from, into) {
      try {
        await content.fetchTree(from, [], directory, into, { bytesMax: OUTPUT_BYTES_MAX, owner: into })
      } finally {
        await content.release(directory, into)
      }
    },
    onFault: (jobId, leaseId, error) => init.log.warn({ jobId, leaseId, code: codeOf(error) }, messageOf(error)),
  })
  cleanup.push('results', () => results.stop())
  const packing = new Packing(content)
  const desk = new Desk({
    files,
    submit,
    pin: (image) => pinImage(image, { engine }),
    pack: (path, owner, limits) => packing.pack(path, owner, limits),
    share: packing.share,
    unshare: packing.unshare,
    release: packing.release,
    cidText: packing.cidText,
    terms: init.terms,
    clock: systemClock,
    random: systemRandom,
  })
  const archives = new ImageArchives({
    content,
    engine,
    file: join(init.home.folder, 'images.json'),
    jobOf: (leaseId, provider) => jobOfLease(jobs(), leaseId, provider),
    // Empty where the job does not need it, absent in files of older versions.
    imageOf: async (jobId) => (await files.read(jobId))?.image || undefined,
  })
  cleanup.push('image archives', () => archives.stop())
  serveImages({
    network: init.network,
    channels: network.channels,
    give: (leaseId, provider, onBytes) => archives.give(leaseId, provider, onBytes),
    log: init.log,
  })
  const free = () => freeBytes(init.home.paths.jobs)
  const forgetLogs = async (): Promise<void> => {
    const removed = await sweepSpools({ files, jobs: jobs(), nowMs: systemClock.wallMs(), free })
    for (const id of removed) init.log.info({ jobId: id }, 'removed the output of a job that ended long ago, or for want of disk')
  }
  return {
    files,
    results,
    desk,
    async sweep() {
      await archives.sweep(jobs().flatMap((job) => (isEnded(job) ? [] : jobId(job.jobId))))
      await forgetLogs()
      const known = jobs()
      // Of those too that ended while nobody could write it down.
      for (const one of known) if (isEnded(one)) await noteEnd(files, one)
      await removeOld(files, new Set(known.map(({ jobId: id }) => id)), systemClock.wallMs())
    },
    async note(note) {
      await Promise.all([desk.note(note), archives.note(note)])
      const ended = note.type === 'job-ended' ? job(note.jobId) : undefined
      if (ended !== undefined) await noteEnd(files, ended)
      if (note.type === 'job-ended' && (await free()) < DISK_RESERVE_BYTES) await forgetLogs()
    },
  }
}

/** The job whose lease the provider has, unless the attempt is over. */
function jobOfLease(jobs: readonly JobView[], leaseId: LeaseId, provider: PeerId): JobId | undefined {
  const found = jobs.find(({ attempts }) =>
    attempts.some((attempt) => attempt.leaseId === leaseId && attempt.provider === provider && attempt.endedAt === null),
  )
  return found === undefined ? undefined : jobId(found.jobId)
}
