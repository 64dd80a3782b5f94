import type { AttemptView, JobView, WantsView } from '@weft/protocols/core'
import { formatBytes, formatDuration, formatMoney } from '../parse/values.ts'
import { reasonText } from './reasons.ts'
import { type Column, clean, shortId, shortPeer, tableOf } from './table.ts'

const MIB = 1024 ** 2
const ENDED = new Set(['done', 'failed', 'cancelled'])

/** Of an image by digest: what tells it from another, and what does not. */
const DIGEST = /(@sha256:[0-9a-f]{12})[0-9a-f]+$/

/** `weft ps`. */
export function jobsTable(jobs: readonly JobView[], { nowMs, width }: { nowMs: number; width: number }): string {
  if (jobs.length === 0) return 'no jobs yet; weft run IMAGE COMMAND makes one'
  const columns: Column<JobView>[] = [
    { head: 'JOB', cell: ({ jobId }) => shortId(jobId) },
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'IMAGE', cell: ({ image }) => image.replace(DIGEST, '$1…'), spare: 3 },
    { head: 'STATE', cell: stateOf },
    { head: 'SUBMITTED', cell: ({ submittedAt }) => ageOf(submittedAt, nowMs), align: 'right', spare: 1 },
    { head: 'PROVIDER', cell: ({ attempts }) => shortPeer(attempts.at(-1)?.provider ?? '-'), spare: 2 },
    { head: 'BILL', cell: ({ amount, currency }) => `${formatMoney(amount)} ${currency}`, align: 'right' },
  ]
  return tableOf(columns, jobs, width)
}

/** `running`, `failed (exit 3)`, `failed (provider.engine)`. */
export function stateOf(job: JobView): string {
  if (job.state !== 'failed') return job.state
  return job.endReason === 'workload.failed' && job.exitCode !== null
    ? `failed (exit ${job.exitCode})`
    : `failed (${job.endReason ?? 'unknown'})`
}

/** Whether a job ended because nobody took it; what would help is then told by weft explain. */
export const foundNobody = (endReason: string | null): boolean => endReason === 'renter.no-offers' || endReason === 'renter.price'

/** `weft show`. `seeking`: who refused and what would help, where the job has found nobody. */
export function jobText(
  job: JobView,
  seeking: { refused: readonly string[]; help: readonly string[] } = { refused: [], help: [] },
): string {
  const lines: [string, string][] = [
    ['job', job.jobId],
    ['name', job.name],
    ['image', job.image],
    ['command', job.command.join(' ') || "(the image's own)"],
    ['wants', wantsText(job.wants)],
    ['state', stateOf(job)],
    ['submitted', job.submittedAt],
  ]
  if (job.detail !== '' && !foundNobody(job.endReason)) lines.push(['why', job.detail])
  lines.push(['bids', `${job.bids}${seeking.refused.length > 0 ? '' : refusalsText(job.refusals)}`])
  for (const refused of seeking.refused) lines.push(['refused', refused])
  for (const help of seeking.help) lines.push(['what helps', help])
  for (const attempt of job.attempts) {
    lines.push(['attempt', attemptText(attempt, job.currency)])
  }
  lines.push(['timings', timingsText(job)])
  if (job.outputs !== null) lines.push(['outputs', `${formatBytes(job.outputs.bytes)}, ${job.outputs.cid}`])
  lines.push(['bill', billText(job)])
  const width = Math.max(...lines.map(([label]) => label.length))
  return lines.map(([label, text]) => `${label.padEnd(width)}  ${clean(text)}`).join('\n')
}

/** `2 GPUs (24 GiB, compute capability 8.0), 4 cores, 8 GiB, at most 0.40 USD/h`: what a job asks of a provider. */
export function wantsText(wants: WantsView): string {
  const { gpuCount, gpuVramMib, gpuVendor, gpuModels, gpuComputeCapability: capability, regions, arch } = wants
  const each = [
    gpuVendor,
    gpuModels.join(' or '),
    gpuVramMib === 0 ? '' : `${gpuVramMib / 1024} GiB`,
    capability === '' ? '' : `compute capability ${capability}`,
  ].filter((part) => part !== '')
  const kind = each.length === 0 ? '' : ` (${each.join(', ')})`
  return [
    gpuCount === 0 ? '' : `${gpuCount} ${gpuCount === 1 ? 'GPU' : 'GPUs'}${kind}`,
    `${wants.cpuMilli / 1000} ${wants.cpuMilli === 1000 ? 'core' : 'cores'}`,
    `${formatBytes(wants.memoryMib * MIB)} of memory`,
    `${formatBytes(wants.diskMib * MIB)} of disk`,
    arch,
    regions.length === 0 ? '' : `in ${regions.join(' or ')}`,
    wants.maxPricePerHour === null ? '' : `at most ${formatMoney(wants.maxPricePerHour)} ${wants.currency}/h`,
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** One line of the job's history: where, from when to when, how it ended, what it cost, and what came of it. */
function attemptText(attempt: AttemptView, currency: string): string {
  const { leaseId, provider, liveness, unreachableSince, startedAt, endedAt, endReason, detail, amount, next } = attempt
  const ran = startedAt === null ? 'never started' : `from ${startedAt}${endedAt === null ? '' : ` to ${endedAt}`}`
  const now = liveness === 'unreachable' ? `unreachable since ${unreachableSince ?? 'now'}, may run` : 'running'
  const end = endedAt === null ? now : `${endReason ?? 'ended'}${detail === '' ? '' : ` (${detail})`}`
  const then = next === 'retry' ? '; another provider was sought' : ''
  return `${shortId(leaseId)} on ${shortPeer(provider)}, ${ran}: ${end}, ${formatMoney(amount)} ${currency}${then}`
}

/** `0.0012 USD (3 receipts, 3 countersigned)`. */
export function billText(job: JobView): string {
  const { count, countersigned } = job.receipts
  return `${formatMoney(job.amount)} ${clean(job.currency)} (${count} ${count === 1 ? 'receipt' : 'receipts'}, ${countersigned} countersigned)`
}

/** `; refused: 3 busy, 1 too little GPU memory`, or nothing. */
export function refusalsText(refusals: Record<string, number>): string {
  const parts = Object.entries(refusals).map(([reason, count]) => `${count} ${reasonText(reason)}`)
  return parts.length === 0 ? '' : `; refused: ${parts.join(', ')}`
}

function timingsText({ timings }: JobView): string {
  const steps: [string, number | null][] = [
    ['ordered', timings.orderedMs],
    ['first bid', timings.firstBidMs],
    ['leased', timings.leasedMs],
    ['delivered', timings.deliveredMs],
    ['started', timings.startedMs],
    ['first output', timings.firstOutputMs],
    ['ended', timings.endedMs],
  ]
  return steps.flatMap(([step, ms]) => (ms === null ? [] : [`${step} ${Math.round(ms)} ms`])).join(', ') || 'none yet'
}

/** How a job ended, on one line, and the bill on the next. */
export function endLines(job: JobView, placed: readonly { container: string; placed: string | null }[]): string[] {
  const took = job.timings.endedMs === null ? '' : ` after ${formatDuration(job.timings.endedMs)}`
  const code = job.exitCode === null ? '' : `, exit code ${job.exitCode}`
  const why = job.state === 'done' || job.detail === '' || foundNobody(job.endReason) ? '' : `: ${clean(job.detail)}`
  const reason = job.state === 'failed' && job.endReason !== 'workload.failed' ? ` (${job.endReason ?? 'unknown'})` : ''
  const outputs = placed.map((output) =>
    output.placed === null
      ? `output ${clean(output.container)} did not come back`
      : `output ${clean(output.container)} is in ${output.placed}`,
  )
  // Who refused, and why, is told by what follows where nobody was found.
  const never =
    job.attempts.length === 0 && job.bids > 0
      ? [`${job.bids} ${job.bids === 1 ? 'bid' : 'bids'}${foundNobody(job.endReason) ? '' : refusalsText(job.refusals)}`]
      : []
  return [`${job.state}${reason}${took}${code}${why}`, ...never, ...outputs, `bill: ${billText(job)}`]
}

function ageOf(submittedAt: string, nowMs: number): string {
  return `${formatDuration(Math.max(0, nowMs - Date.parse(submittedAt)))} ago`
}

export const isOver = (job: Pick<JobView, 'state'>): boolean => ENDED.has(job.state)
