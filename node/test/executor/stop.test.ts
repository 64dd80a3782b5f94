import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { codeOf } from '@weft/protocols'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ContainerRun } from '../../src/executor/container-run.ts'
import type { ContainerInfo, Engine, EngineExit } from '../../src/executor/engine.ts'
import { executorError } from '../../src/executor/engine-errors.ts'
import { Spool } from '../../src/executor/spool.ts'
import { stopSurely } from '../../src/executor/stop-container.ts'

const never = new Promise<never>(() => {})
const container = (state: ContainerInfo['state'], exit?: ContainerInfo['exit']): ContainerInfo => ({
  id: 'c',
  name: 'c',
  state,
  labels: {},
  exit,
})
/** An engine whose calls that last never answer, as over a connection that died without a word. */
const halfOpen = (found: ContainerInfo | undefined, stop: () => Promise<void> = () => never): Engine =>
  ({
    name: 'half-open',
    attach: async () => new PassThrough(),
    start: async () => {},
    wait: () => never,
    stop,
    inspect: async () => found,
  }) as Partial<Engine> as Engine

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-stop-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function started(engine: Engine) {
  const exits: (EngineExit | undefined)[] = []
  const spool = await Spool.open({ path: join(folder, 'spool') })
  const log = { info() {}, warn() {} }
  const onExit = (exit: EngineExit | undefined): void => void exits.push(exit)
  const run = new ContainerRun({ engine, containerId: 'c', spool, log, onExit, stopSlackMs: 20, reportMs: 20 })
  await run.start()
  return {
    run,
    exits,
    async close() {
      run.detach()
      await spool.close()
    },
  }
}

it('stopping ends, and the exit is told, where the engine only says on asking that the container ended', async () => {
  const { run, exits, close } = await started(halfOpen(container('exited', { exitCode: 143, oomKilled: false })))
  await run.stop(0)
  expect(exits).toEqual([{ exitCode: 143, oomKilled: false }])
  await close()
})

it('stopping fails where the engine does not answer and the container still runs, and can be tried again', async () => {
  const { run, exits, close } = await started(halfOpen(container('running')))
  expect(await run.stop(0).then(() => 'nothing', codeOf)).toBe('ENGINE_FAILED')
  expect(await run.stop(0).then(() => 'nothing', codeOf)).toBe('ENGINE_FAILED')
  expect(exits).toEqual([])
  await close()
})

it('a container that is gone is stopped, whatever the engine said to stopping it', async () => {
  const refuses = () => Promise.reject(executorError('ENGINE_FAILED', 'no such thing'))
  await expect(stopSurely(halfOpen(undefined, refuses), 'c', 0)).resolves.toBeUndefined()
})

it('what the engine said to stopping is told where the container still runs', async () => {
  const refuses = () => Promise.reject(executorError('ENGINE_FAILED', 'no such thing'))
  await expect(stopSurely(halfOpen(container('paused'), refuses), 'c', 0)).rejects.toThrow('no such thing')
})

/** An engine that breaks off once while it waits, and then says how the container ended. */
function restarted(found: ContainerInfo, exit: EngineExit) {
  const attached: PassThrough[] = []
  let waits = 0
  const engine: Partial<Engine> = {
    name: 'restarted',
    async attach() {
      const stream = new PassThrough()
      attached.push(stream)
      return stream
    },
    start: async () => {},
    async wait() {
      attached.at(-1)?.destroy()
      if (waits++ === 0) throw executorError('ENGINE_FAILED', 'the connection broke')
      return exit
    },
    inspect: async () => found,
  }
  return { engine: engine as Engine, attached }
}

it.each([
  { what: 'was killed with it', exitCode: 137, told: undefined },
  { what: 'was done', exitCode: 0, told: { exitCode: 0, oomKilled: false } },
])('nobody says of a container that ended while its engine started again that it failed: $what', async ({ exitCode, told }) => {
  const exit = { exitCode, oomKilled: false }
  const { engine } = restarted(container('exited', exit), exit)
  const { run, exits, close } = await started(engine)
  await vi.waitFor(() => expect(exits).toEqual([told]), { timeout: 10_000 })
  expect(run.hasEnded).toBe(true)
  await close()
})

it('goes on with the output of a container that its engine kept while it started again', async () => {
  const { engine, attached } = restarted(container('running'), { exitCode: 0, oomKilled: false })
  const { exits, close } = await started(engine)
  await vi.waitFor(() => expect(exits).toHaveLength(1), { timeout: 10_000 })
  expect(attached).toHaveLength(2)
  await close()
})
