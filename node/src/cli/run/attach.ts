import { setTimeout as delay } from 'node:timers/promises'
import type { JobView } from '@weft/protocols/core'
import type { ExplainedView, JobEvent, OutputsView } from '../../api/views.ts'
import { drained } from '../closed-output.ts'
import { CliError, EXIT, HungUpError, hungUp } from '../exit.ts'
import { formatDuration } from '../parse/values.ts'
import { explainLines } from '../render/explain.ts'
import { endLines, foundNobody } from '../render/job.ts'
import { gapLine, survivalLine } from '../render/notes.ts'
import { Screen } from '../render/screen.ts'
import { clean, shortId } from '../render/table.ts'
import type { Context } from '../verb.ts'
import { confirm } from './ask.ts'
import type { Interrupts } from './interrupts.ts'

/** How long after a Ctrl-C that detaches a second one still stops the job. */
const SECOND_PRESS_MS = 1_500
const STOP_WAIT_MS = 60_000

/** How attached watching ended. `job`: undefined where the person left before the job's end. */
export interface Watched {
  job: JobView | undefined
  exitCode: number
}

/** Shows a job as it happens until it has ended or the person leaves. `interrupts`: since before the job was handed over. */
export async function attach(
  context: Context,
  job: JobView,
  interrupts: Interrupts,
  how: { hasDaemon: boolean; queueMs: number; awayMs: number },
): Promise<Watched> {
  const { hasDaemon } = how
  const screen = new Screen(context.terminal, how.queueMs, job.wants.maxPricePerHour)
  const left = new AbortController()
  try {
    const watching = watch(context, job, screen, { hasDaemon, signal: left.signal })
    watching.catch(() => undefined)
    for (let seen = 0; ; seen = interrupts.count) {
      const first = await Promise.race([watching, interrupts.after(seen)])
      if (first !== undefined) return first
      screen.clear()
      const goesOn = hasDaemon || how.awayMs > 0
      const stop = () => stopJob(context, job, screen, { interrupts, watching })
      const end = goesOn ? await detach(job, screen, { ...how, interrupts, stop }) : await stopHere(context, stop)
      if (end !== undefined) return end
    }
  } finally {
    left.abort()
    screen.clear()
  }
}

interface Watching {
  hasDaemon: boolean
  /** The person has left. */
  signal: AbortSignal
}

async function watch(context: Context, job: JobView, screen: Screen, how: Watching): Promise<Watched> {
  const lost = (cause?: unknown): CliError => hungUp(`weft wait ${shortId(job.jobId)}`, cause)
  try {
    for await (const event of context.client.lines<JobEvent>(`/v1/jobs/${job.jobId}/events`, how.signal)) {
      if (event.type === 'job') return await ended(context, event, screen)
      await show(context, event, screen, how)
    }
  } catch (error) {
    throw error instanceof CliError && !(error instanceof HungUpError) ? error : lost(error)
  }
  throw lost()
}

async function show(context: Context, event: JobEvent, screen: Screen, { hasDaemon }: Watching): Promise<void> {
  const { out, err } = context.terminal
  if (event.type === 'note') {
    screen.note(event.note, event.atMs)
    if (event.note.type === 'leased') screen.say(survivalLine(event.note.survivesMs, hasDaemon))
  }
  if (event.type === 'output') {
    screen.clear()
    const target = event.stream === 'stdout' && !context.flags.json ? out : err
    if (!target.write(Buffer.from(event.data, 'base64'))) await drained(target)
  }
  if (event.type === 'gap') screen.say(gapLine(event.bytes))
  if (event.type === 'skipped') screen.say(`weft: ${event.events} events were not shown`)
}

async function ended(context: Context, event: Extract<JobEvent, { type: 'job' }>, screen: Screen): Promise<Watched> {
  const { body } = await context.client.get<OutputsView>(`/v1/jobs/${event.job.jobId}/outputs`)
  screen.say(...body.warnings.map(clean), ...endLines(event.job, body.places), ...(await whyNobody(context, event.job)))
  return { job: event.job, exitCode: event.exitCode }
}

async function whyNobody(context: Context, { jobId, endReason }: JobView): Promise<string[]> {
  if (!foundNobody(endReason)) return []
  const { body } = await context.client.get<ExplainedView>(`/v1/jobs/${jobId}/explain`)
  return explainLines(body)
}

interface Leaving {
  hasDaemon: boolean
  awayMs: number
  interrupts: Interrupts
  stop: () => Promise<Watched>
}

/** The daemon, or a provider that was promised enough, goes on with the job; a second Ctrl-C right after stops it. */
async function detach(job: JobView, screen: Screen, { hasDaemon, awayMs, interrupts, stop }: Leaving): Promise<Watched> {
  const id = shortId(job.jobId)
  const back = hasDaemon ? `weft logs -f ${id}` : `weft up -d within ${formatDuration(awayMs)}, then weft logs -f ${id}`
  screen.say('', `job ${id} goes on. Back to it: ${back}   end it: weft stop ${id} (or Ctrl-C again now)`)
  const presses = interrupts.count
  const timer = new AbortController()
  const again = await Promise.race([
    interrupts.after(presses).then(() => true),
    delay(SECOND_PRESS_MS, false, { signal: timer.signal }).catch(() => false),
  ])
  timer.abort()
  return again ? stop() : { job: undefined, exitCode: EXIT.interrupted }
}

/** Nobody would go on with the job: asks on a terminal, else stops it. Undefined: the person stays. */
async function stopHere(context: Context, stop: () => Promise<Watched>): Promise<Watched | undefined> {
  if (context.terminal.interactive) {
    const stays = (await confirm('Stop the job? It cannot go on without this program.')) === false
    if (stays) return undefined
  }
  return stop()
}

/** Cancels and waits until who watches has shown the end; one more Ctrl-C leaves at once. */
async function stopJob(
  context: Context,
  job: JobView,
  screen: Screen,
  { interrupts, watching }: { interrupts: Interrupts; watching: Promise<Watched> },
): Promise<Watched> {
  screen.say('stopping the job')
  const presses = interrupts.count
  const waited = new AbortController()
  const nobody = (): undefined => undefined
  const ended = async (): Promise<Watched | undefined> => {
    await context.client.post<JobView>(`/v1/jobs/${job.jobId}/stop`)
    return Promise.race([watching, delay(STOP_WAIT_MS, undefined, { signal: waited.signal }).catch(nobody)])
  }
  try {
    const end = await Promise.race([ended(), interrupts.after(presses).then(nobody)])
    return { job: end?.job, exitCode: EXIT.interrupted }
  } finally {
    waited.abort()
  }
}
