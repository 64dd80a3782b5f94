import type { JobView } from '@weft/protocols/core'
import type { OutputsView, Submission } from '../../api/views.ts'
import { CliError, EXIT, usage } from '../exit.ts'
import { defineRelay, defineUnsafeEngine } from '../peer-flags.ts'
import { clean } from '../render/table.ts'
import { agreeOnLimits, demandLimits } from '../run/agree.ts'
import { wantsOf } from '../run/demand.ts'
import { defineRunFlags, type RunRequest, readRunFlags } from '../run/flags.ts'
import { Interrupts } from '../run/interrupts.ts'
import { printExplained } from '../run/look.ts'
import { type Context, print, say, type Verb } from '../verb.ts'

const PROPAGATED_MAX = 255

/** `weft run IMAGE [COMMAND…]`, `weft run -f FILE`. */
export const verb: Verb = {
  define(command) {
    defineRunFlags(command)
    defineRelay(command)
    defineUnsafeEngine(command)
  },
  async run(context, args, options) {
    const named = typeof options['file'] === 'string' ? options['file'] : undefined
    // A job that came on stdin leaves nothing to answer questions with.
    const interactive = context.terminal.interactive && named !== '-'
    const file = named === undefined ? undefined : await (await import('../job-file/index.ts')).loadJobFile(named, context.cwd)
    const request = readRunFlags(args, options, { ...context, interactive, file })
    if (request.overruled !== undefined) say(context, `weft: ${clean(request.overruled)}`)
    if (request.detach && request.propagate)
      throw usage('--propagate needs the end of the job, which -d does not wait for; leave one out')
    if (request.dryRun) return dryRun(context, request, options)
    demandLimits(request, interactive)
    if (await context.client.answers()) return submit(context, request, true)
    if (request.detach) {
      throw usage('-d needs a daemon that goes on with the job; start one with "weft up -d"')
    }
    const { withOwnPeer } = await import('../run/own-peer.ts')
    return withOwnPeer(context, options, (own) => submit(own, request, false))
  },
}

/** What explain says of what would be ordered. The image's architecture is not known before somebody asks the engine. */
async function dryRun(context: Context, request: RunRequest, options: Record<string, unknown>): Promise<number> {
  const wants = wantsOf(request.submission, { currency: request.currency, maxPricePerHour: request.maxPricePerHour })
  const work = (own: Context): Promise<number> => printExplained(own, wants)
  if (await context.client.answers()) return work(context)
  const { withOwnPeer } = await import('../run/own-peer.ts')
  return withOwnPeer(context, options, work)
}

async function submit(context: Context, request: RunRequest, hasDaemon: boolean): Promise<number> {
  const limits = await agreeOnLimits(context, request)
  const submission: Submission = {
    ...request.submission,
    currency: limits.currency,
    maxPricePerHour: limits.maxPricePerHour.toString(),
    maxTotal: limits.maxTotal.toString(),
  }
  if (request.detach) {
    const job = await handOver(context, submission)
    print(context, job, () => job.jobId)
    // Scripts read the id alone.
    if (context.terminal.interactive)
      say(context, `follow it with: weft logs -f ${job.name}   wait for it: weft wait ${job.name}`)
    return EXIT.done
  }
  const { attach } = await import('../run/attach.ts')
  const interrupts = new Interrupts()
  try {
    const job = await handOverUnlessLeft(context, submission, interrupts)
    say(context, `job ${job.name} (${job.jobId.slice(0, 12)})`)
    const how = { hasDaemon, queueMs: submission.queueMs, awayMs: submission.awayMs }
    const watched = await attach(context, job, interrupts, how)
    const end = watched.job
    if (context.flags.json) {
      const document = end ?? (await context.client.get<JobView>(`/v1/jobs/${job.jobId}`)).body
      print(context, document, () => '')
    }
    const own = end?.exitCode ?? null
    return request.propagate && own !== null && watched.exitCode !== EXIT.interrupted
      ? Math.min(own, PROPAGATED_MAX)
      : watched.exitCode
  } finally {
    interrupts.stop()
  }
}

/** Packing what goes along may take minutes: the first Ctrl-C is answered at once and counts when the job is handed over, the second hangs up. */
async function handOverUnlessLeft(context: Context, submission: Submission, interrupts: Interrupts): Promise<JobView> {
  const [leaving, done] = [new AbortController(), new AbortController()]
  const presses = async (): Promise<never> => {
    await interrupts.after(0)
    if (!done.signal.aborted) say(context, 'the job is being handed over; Ctrl-C again takes it back')
    await interrupts.after(1)
    leaving.abort()
    throw new CliError(EXIT.interrupted, 'INTERRUPTED', 'the job was taken back; weft ps shows it if it had begun by then')
  }
  const handing = handOver(context, submission, leaving.signal)
  const pressed = presses()
  for (const each of [handing, pressed]) each.catch(() => undefined)
  try {
    return await Promise.race([handing, pressed])
  } finally {
    done.abort()
  }
}

async function handOver(context: Context, submission: Submission, signal?: AbortSignal): Promise<JobView> {
  const { body: job } = await context.client.post<JobView>('/v1/jobs', submission, signal)
  if (submission.inputs.length > 0) await tellWarnings(context, job)
  return job
}

/** What did not travel with the inputs, told before the job runs without it. */
async function tellWarnings(context: Context, { jobId }: JobView): Promise<void> {
  const { body } = await context.client.get<OutputsView>(`/v1/jobs/${jobId}/outputs`)
  for (const warning of body.warnings) say(context, `weft: ${clean(warning)}`)
}
