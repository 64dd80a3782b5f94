import { setTimeout as delay } from 'node:timers/promises'
import type { ContainerInfo, Engine, EngineExit } from './engine.ts'
import { executorError } from './engine-errors.ts'

/** How long a killed container may take to be gone before the engine counts as broken. */
const KILL_MS_MAX = 15_000

/**
 * `Engine.stop` for engines that can kill and wait. The engines' own stop counts in whole seconds and refuses a paused
 * container; a permit is over when it is over.
 */
export async function stopContainer(engine: Engine, id: string, graceMs: number): Promise<void> {
  const state = (await engine.inspect(id))?.state
  if (state === undefined || state === 'created' || state === 'exited') return
  const cancel = new AbortController()
  try {
    const ended = engine.wait(id, { signal: cancel.signal }).then(() => true)
    ended.catch(() => undefined)
    if (state === 'paused') await engine.unpause(id)
    await engine.kill(id, 'SIGTERM')
    if (await Promise.race([ended, after(graceMs, cancel.signal)])) return
    await engine.kill(id, 'SIGKILL')
    if (await Promise.race([ended, after(KILL_MS_MAX, cancel.signal)])) return
    throw executorError(
      'ENGINE_FAILED',
      `${engine.name} did not end container ${id.slice(0, 12)} within ${KILL_MS_MAX} ms of SIGKILL`,
    )
  } finally {
    cancel.abort()
  }
}

/** What stopping takes beside the grace: SIGKILL, and an engine under load. */
const STOP_SLACK_MS = 30_000
/** The last question to an engine that has been slow already. */
const INSPECT_MS_MAX = 5_000

/**
 * Stops a container within the grace and 35 s, whatever becomes of the connection to the engine: where a call failed or got no
 * answer the engine is asked once more, over a new one, what it runs. Resolves with how the container ended where nothing
 * runs; rejects with ENGINE_FAILED where it may.
 */
export async function stopSurely(
  engine: Engine,
  id: string,
  graceMs: number,
  { slackMs = STOP_SLACK_MS }: { slackMs?: number } = {},
): Promise<EngineExit | undefined> {
  const doing = `stopping container ${id.slice(0, 12)}`
  let failure: unknown
  try {
    await within(graceMs + slackMs, engine.stop(id, graceMs), doing)
  } catch (error) {
    failure = error
  }
  const found = await within(INSPECT_MS_MAX, engine.inspect(id), doing)
  if (!isRunning(found)) return found?.exit
  throw failure ?? executorError('ENGINE_FAILED', `${engine.name} said that container ${id.slice(0, 12)} stopped, and it runs`)
}

export function isRunning(found: Pick<ContainerInfo, 'state'> | undefined): boolean {
  return found?.state === 'running' || found?.state === 'paused'
}

/** The promise's answer, or ENGINE_FAILED when none came in time; nobody hears a late one. */
export async function within<T>(ms: number, promise: Promise<T>, doing: string): Promise<T> {
  const cancel = new AbortController()
  const late = after(ms, cancel.signal).then(() => {
    throw executorError('ENGINE_FAILED', `${doing}: the engine gave no answer within ${ms} ms`)
  })
  promise.catch(() => undefined)
  late.catch(() => undefined)
  try {
    return await Promise.race([promise, late])
  } finally {
    cancel.abort()
  }
}

async function after(ms: number, signal: AbortSignal): Promise<false> {
  await delay(ms, undefined, { signal }).catch(() => undefined)
  return false
}
