import { type GenericFormatter, SingleBar } from 'cli-progress'
import { format, large } from '../report/words.ts'
import type { Progress } from './control.ts'
import type { Io } from './io.ts'

const TERMINAL_MS = 200
/** Where nobody watches, often enough to see that it lives, seldom enough for a log. */
const LOG_MS = 10_000

interface Shown {
  stop(): void
}

/** A line about a run: rewritten in a terminal, added every ten seconds elsewhere. */
export function showProgress(io: Io, name: string, virtualSeconds: number, read: () => Progress): Shown {
  const started = performance.now()
  const line = (): string => progressLine(name, virtualSeconds, read(), (performance.now() - started) / 1000)
  const done = (): number => Math.min(virtualSeconds, read().virtualSeconds)
  return io.isTerminal ? drawn(Math.max(1, virtualSeconds), done, line) : logged(io, line)
}

/** How many of many runs are done. */
export function showRuns(io: Io, total: number, read: () => { done: number; running: number }): Shown {
  const line = (): string => `${read().done} of ${total} runs done, ${read().running} running`
  return io.isTerminal ? drawn(total, () => read().done, line) : logged(io, line)
}

function drawn(total: number, done: () => number, line: () => string): Shown {
  const formatted: GenericFormatter = (_, { progress }) => `${barOf(progress)} ${line()}`
  const bar = new SingleBar({
    format: formatted,
    stream: process.stderr,
    hideCursor: null,
    clearOnComplete: true,
    linewrap: true,
    gracefulExit: false,
  })
  bar.start(total, 0)
  const timer = every(TERMINAL_MS, () => bar.update(done()))
  return {
    stop: () => {
      timer.stop()
      bar.stop()
    },
  }
}

function logged(io: Io, line: () => string): Shown {
  io.err(`${line()}\n`)
  return every(LOG_MS, () => io.err(`${line()}\n`))
}

function every(ms: number, action: () => void): Shown {
  const timer = setInterval(action, ms)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

export function progressLine(name: string, total: number, progress: Progress, wallSeconds: number): string {
  const { virtualSeconds, events, submitted, done } = progress
  const rss = format(process.memoryUsage.rss() / 2 ** 20, 'MiB')
  const jobs = submitted === 0 ? '' : ` · ${done}/${submitted} jobs`
  const speed = large(wallSeconds > 0 ? events / wallSeconds : 0)
  return `${name}: ${timeOf(virtualSeconds, total)} · ${speed} events/s${jobs} · ${rss}`
}

/** After its own time a run goes on until what is open has ended. */
const timeOf = (virtualSeconds: number, total: number): string =>
  virtualSeconds > total
    ? `${format(total, 's')}, and ${format(virtualSeconds - total, 's')} for what is open to end`
    : `${format(virtualSeconds, 's')} of ${format(total, 's')}`

const BAR = 20
function barOf(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR)
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`
}
