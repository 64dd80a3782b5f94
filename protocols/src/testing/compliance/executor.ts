import { codeOf, ExecutorError } from '../../errors.ts'
import { type Container, EXECUTOR_CODES, type Executor, type ExecutorEvents, type Exit, type Work } from '../../ports/executor.ts'
import type { LeaseId } from '../../units.ts'
import { type ComplianceCase, check, equal, type Fixture, rejects, using } from './case.ts'

/** What a container does: the creator says how, in the terms of its images. */
export type Program =
  | { does: 'exit'; code: number }
  | { does: 'print'; text: string }
  /** Runs until it is stopped; ends at SIGTERM. */
  | { does: 'wait' }
  /** Runs until it is killed. */
  | { does: 'ignore-sigterm' }
  /** Writes one file of that many bytes into its only output. */
  | { does: 'write'; bytes: number }

export interface ExecutorSubject {
  executor: Executor
  /** A new lease for one container that does `program`; `imageId` that no machine has where `image` is `missing`. */
  work(program: Program, options?: { image?: 'missing' }): Work
  /** The peer dies and starts again on the same machine: the executor of its next life. */
  again(): Promise<Executor>
  /** Lets the executor work for a moment: virtual time passes, or real time. */
  settle(): Promise<void>
}

const GRACE_MS = 10_000
const SHORT_GRACE_MS = 200

export const executorCompliance: readonly ComplianceCase<ExecutorSubject>[] = [
  simple('says once how a container ended', async ({ executor, work, exits, settle }) => {
    const { leaseId } = await delivered(executor, work({ does: 'exit', code: 3 }))
    await executor.start(leaseId)
    equal(await exits.of(leaseId), { exitCode: 3, outOfMemory: false }, 'the exit code is the container’s')
    await settle()
    equal(exits.count(leaseId), 1, 'exited is called once per start')
  }),
  simple('runs nothing before start', async ({ executor, work, exits, settle }) => {
    const { leaseId } = await delivered(executor, work({ does: 'exit', code: 0 }))
    await settle()
    equal(exits.count(leaseId), 0, 'a delivered container has not ended')
  }),
  simple('delivers and starts once, however often it is asked', async ({ executor, work, exits, settle }) => {
    const lease = work({ does: 'exit', code: 0 })
    await Promise.all([executor.deliver(lease), executor.deliver(lease)])
    await executor.deliver(lease)
    await Promise.all([executor.start(lease.leaseId), executor.start(lease.leaseId)])
    await exits.of(lease.leaseId)
    await executor.start(lease.leaseId)
    await settle()
    equal(exits.count(lease.leaseId), 1, 'the container ran once')
  }),
  simple('ends a container that waits, and stopping again is no error', async ({ executor, work, exits }) => {
    const { leaseId } = await delivered(executor, work({ does: 'wait' }))
    await executor.start(leaseId)
    await executor.stop(leaseId, GRACE_MS)
    equal(exits.count(leaseId), 1, 'exited was called by the time stop resolves')
    await executor.stop(leaseId, GRACE_MS)
    equal(exits.count(leaseId), 1, 'exited is not called again')
  }),
  simple('kills a container that ignores SIGTERM when its grace is over', async ({ executor, work, exits }) => {
    const { leaseId } = await delivered(executor, work({ does: 'ignore-sigterm' }))
    await executor.start(leaseId)
    await executor.stop(leaseId, SHORT_GRACE_MS)
    equal(exits.count(leaseId), 1, 'it has ended')
  }),
  simple('stops what was never started', async ({ executor, work, exits }) => {
    const { leaseId } = await delivered(executor, work({ does: 'wait' }))
    await executor.stop(leaseId, GRACE_MS)
    equal(exits.count(leaseId), 0, 'nothing ran, so nothing exited')
  }),
  simple('pauses, resumes, and stops a paused container', async ({ executor, work, exits }) => {
    const { leaseId } = await delivered(executor, work({ does: 'wait' }))
    await executor.start(leaseId)
    for (const call of [executor.pause, executor.pause, executor.resume, executor.resume, executor.pause]) {
      await call.call(executor, leaseId)
    }
    await executor.stop(leaseId, GRACE_MS)
    equal(exits.count(leaseId), 1, 'a paused container can be stopped')
  }),
  simple('lists a paused container as that, and the next life of its peer lets it go on by starting it', async (scene) => {
    const { executor, work, exits } = scene
    const { leaseId } = await delivered(executor, work({ does: 'wait' }))
    await executor.start(leaseId)
    await executor.pause(leaseId)
    equal(await listed(executor, leaseId), 'paused', 'what was paused stands still')
    const later = await scene.again()
    equal(await listed(later, leaseId), 'paused', 'and does so while its peer is away')
    await later.start(leaseId)
    equal(await listed(later, leaseId), 'running', 'what was started goes on')
    await later.stop(leaseId, GRACE_MS)
    equal(exits.count(leaseId), 1, 'and ended once')
  }),
  simple('collects outputs and output once, with the same answer twice', async ({ executor, work, exits }) => {
    const { leaseId } = await delivered(executor, work({ does: 'write', bytes: 1000 }))
    await executor.start(leaseId)
    await exits.of(leaseId)
    const first = await executor.collect(leaseId)
    check(first.outputs !== undefined && first.outputs.length > 0, 'outputs that were asked for have a CID')
    check(first.outputBytes >= 1000, 'outputBytes counts what was written')
    equal(await executor.collect(leaseId), first, 'collecting again gives the same')
  }),
  simple(
    'counts the bytes of the output spool, and has no outputs where none were asked for',
    async ({ executor, work, exits }) => {
      const { leaseId } = await delivered(executor, work({ does: 'print', text: 'hello' }))
      await executor.start(leaseId)
      await exits.of(leaseId)
      const { outputs, outputBytes, logBytes } = await executor.collect(leaseId)
      equal(outputs, undefined, 'no outputs were asked for')
      equal(outputBytes, 0, 'and none counted')
      check(logBytes >= 'hello'.length, 'the spool holds what was printed')
    },
  ),
  simple(
    'takes permits at any time, and neither starts nor stops anything for them',
    async ({ executor, work, exits, settle }) => {
      const lease = work({ does: 'wait' })
      const { leaseId, permit } = lease
      await executor.permit(leaseId, permit)
      await delivered(executor, lease)
      await executor.permit(leaseId, permit)
      await settle()
      equal(exits.count(leaseId), 0, 'a permit starts nothing')
      await executor.start(leaseId)
      for (const untilMono of [permit.untilMono + 1, permit.untilMono, 0])
        await executor.permit(leaseId, { ...permit, untilMono })
      await settle()
      equal(exits.count(leaseId), 0, 'who hands on a permit does not end it')
      await executor.stop(leaseId, SHORT_GRACE_MS)
      await executor.permit(leaseId, permit)
      await executor.remove(leaseId)
      await executor.permit(leaseId, permit)
      equal(await listed(executor, leaseId), undefined, 'a late permit brings nothing back')
    },
  ),
  simple('lists a lease from delivery until it is removed, with what its container does', async ({ executor, work }) => {
    const { leaseId } = await delivered(executor, work({ does: 'wait' }))
    equal(await listed(executor, leaseId), 'created', 'a delivered lease is listed')
    await executor.start(leaseId)
    equal(await listed(executor, leaseId), 'running', 'what was started runs')
    await executor.stop(leaseId, SHORT_GRACE_MS)
    equal(await listed(executor, leaseId), 'exited', 'what was stopped has ended')
    await executor.remove(leaseId)
    equal(await listed(executor, leaseId), undefined, 'a removed lease is not listed')
    await executor.remove(leaseId)
  }),
  simple('refuses to start what was never delivered', async ({ executor, work }) => {
    const error = await rejects(() => executor.start(work({ does: 'wait' }).leaseId), 'starting without delivering fails')
    checkCode(error)
  }),
  simple('refuses an image that cannot be had, and leaves the lease removable', async ({ executor, work }) => {
    const lease = work({ does: 'wait' }, { image: 'missing' })
    const error = await rejects(() => executor.deliver(lease), 'delivering without an image fails')
    checkCode(error)
    equal(codeOf(error), 'BAD_IMAGE', 'the image is at fault')
    await executor.remove(lease.leaseId)
    equal(await listed(executor, lease.leaseId), undefined, 'nothing of it stays')
  }),
]

interface Scene extends ExecutorSubject {
  exits: Exits
}

function simple(name: string, act: (scene: Scene) => Promise<void>): ComplianceCase<ExecutorSubject> {
  return {
    name,
    run: (create: () => Promise<Fixture<ExecutorSubject>>) =>
      using(create, (subject) => {
        const exits = new Exits()
        const events: ExecutorEvents = { progress: () => {}, exited: (leaseId, exit) => exits.add(leaseId, exit) }
        subject.executor.listen(events)
        return act({
          executor: subject.executor,
          work: (program, options) => subject.work(program, options),
          settle: () => subject.settle(),
          again: async () => {
            const executor = await subject.again()
            executor.listen(events)
            return executor
          },
          exits,
        })
      }),
  }
}

/** What is said to be there of a lease; undefined: nothing at all. */
async function listed(executor: Executor, leaseId: LeaseId): Promise<Container | undefined> {
  return (await executor.list()).find((found) => found.leaseId === leaseId)?.container
}

async function delivered(executor: Executor, work: Work): Promise<Work> {
  await executor.deliver(work)
  return work
}

function checkCode(error: Error): void {
  const known: readonly string[] = EXECUTOR_CODES
  check(
    error instanceof ExecutorError && known.includes(error.code),
    `the error is an ExecutorError of a known code, not ${error}`,
  )
}

/** Remembers exits and lets a case wait for one. */
class Exits {
  readonly #seen = new Map<LeaseId, Exit[]>()
  readonly #waiting = new Map<LeaseId, (exit: Exit) => void>()

  add(leaseId: LeaseId, exit: Exit): void {
    this.#seen.set(leaseId, [...(this.#seen.get(leaseId) ?? []), exit])
    this.#waiting.get(leaseId)?.(exit)
  }

  count(leaseId: LeaseId): number {
    return this.#seen.get(leaseId)?.length ?? 0
  }

  of(leaseId: LeaseId): Promise<Exit> {
    const [exit] = this.#seen.get(leaseId) ?? []
    return exit === undefined ? new Promise((resolve) => this.#waiting.set(leaseId, resolve)) : Promise.resolve(exit)
  }
}
