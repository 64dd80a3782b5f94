// Goal: nothing that a provider runs outlives its permit by more than the grace, though the provider is killed or frozen and never
// comes back, and what the job wrote is kept.
// Method: a provider and its guard as processes, containers on a real engine. A container that works gets its last permit, of a second,
// so that no machine is too slow for it.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LeaseId } from '@weft/protocols'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Engine, LABELS } from '../../src/executor/index.ts'
import { homePaths } from '../../src/home/folder.ts'
import { engines } from '../executor/engines.ts'
import { busyboxImage } from '../executor/images.ts'
import { dataFolder } from './stand-in.ts'
import { StandInProcess } from './stand-in-process.ts'

const [engine] = engines
const GUARD = fileURLToPath(new URL('../../bin/weft-guard.mjs', import.meta.url))
const PATIENT = { timeout: 100_000, interval: 50 }
const WRITES_AND_STAYS = ['sh', '-c', 'echo kept > /out/file; trap "exit 9" TERM; echo up; while true; do sleep 0.1; done']
/** A guard that is late takes what it is late off the grace. */
const PERMIT = { permitMs: 1_500, graceMs: 60_000 }

const cleaners: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean()
})

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe.skipIf(engine === undefined)('the guard of a provider', () => {
  let imageId = ''
  beforeAll(async () => {
    imageId = (await busyboxImage(engine as Engine)).imageId
  })

  async function scene() {
    const { data, remove } = await dataFolder()
    await mkdir(homePaths(data).leases)
    const peerId = `guarded-${randomBytes(4).toString('hex')}`
    const host = (engine as Engine).host
    cleaners.push(remove)
    cleaners.push(async () => {
      for (const { id } of await containers()) await engine?.remove(id)
      // Only now has a guard that outlived its peer nothing left.
      for (const pid of guards) await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENT)
    })
    const guards = new Set<number>()
    const containers = () => (engine as Engine).list({ [LABELS.peer]: peerId })
    return {
      data,
      containers,
      peer: async (keeping: { silentMs?: number } = {}) => {
        const peer = new StandInProcess({ data, peerId, engine: host, ...keeping })
        cleaners.push(() => peer.end())
        await peer.hear('ready')
        return peer
      },
      guardOf: async (peer: StandInProcess): Promise<number> => {
        peer.tell({ do: 'guard' })
        const { pid } = await peer.hear('guard')
        if (pid === undefined) throw new Error('there is no guard')
        guards.add(pid)
        return pid
      },
      secondGuard: async (): Promise<number | null> => {
        const words = ['--data', data, '--peer', peerId, '--engine', host]
        const [code] = (await once(spawn(process.execPath, ['--', GUARD, ...words]), 'exit')) as [number | null]
        return code
      },
      record: async (leaseId: LeaseId): Promise<{ stopped: boolean; foundMono: number; exit: { exitCode: number } }> =>
        JSON.parse(await readFile(join(homePaths(data).leases, leaseId, 'ended.json'), 'utf8')),
      output: (leaseId: LeaseId) => readFile(join(homePaths(data).leases, leaseId, 'outputs', '0', 'file'), 'utf8'),
      gone: () => vi.waitFor(async () => expect(await containers()).toEqual([]), PATIENT),
    }
  }

  it('ends what a provider ran that was killed and never comes back, keeps what it wrote, and goes', async () => {
    const { peer, guardOf, containers, gone, record, output } = await scene()
    const provider = await peer()
    const guard = await guardOf(provider)
    provider.tell({ do: 'run', imageId, command: WRITES_AND_STAYS })
    const { leaseId } = await provider.hear('running')
    expect(await containers()).toHaveLength(1)
    provider.tell({ do: 'permit', leaseId, ...PERMIT })
    const { untilMono } = await provider.hear('permitted')
    await provider.kill('SIGKILL')
    await gone()
    const { foundMono, ...end } = await record(leaseId)
    expect(foundMono).toBeGreaterThanOrEqual(untilMono)
    expect(end).toMatchObject({ stopped: true, exit: { exitCode: 9, outOfMemory: false } })
    expect(await output(leaseId)).toBe('kept\n')
    await vi.waitFor(() => expect(isAlive(guard)).toBe(false), PATIENT)
  })

  it('ends what a frozen provider runs, which hears of it when it thaws', async () => {
    const { peer, guardOf, gone } = await scene()
    const provider = await peer()
    await guardOf(provider)
    provider.tell({ do: 'run', imageId, command: WRITES_AND_STAYS })
    const { leaseId } = await provider.hear('running')
    provider.tell({ do: 'permit', leaseId, ...PERMIT })
    await provider.hear('permitted')
    provider.signal('SIGSTOP')
    await gone()
    provider.signal('SIGCONT')
    expect(await provider.hear('exited')).toMatchObject({ leaseId, exit: { exitCode: 9, overran: true } })
    provider.tell({ do: 'leave' })
    await provider.hear('left')
  })

  it('kills what ignores the signal to end, and a container that is paused', async () => {
    const { peer, guardOf, gone, record, containers } = await scene()
    const provider = await peer()
    await guardOf(provider)
    const stubborn = ['sh', '-c', 'trap "" TERM; echo up; while true; do sleep 1; done']
    for (let n = 0; n < 2; n++) provider.tell({ do: 'run', imageId, command: stubborn })
    const leases = [(await provider.hear('running')).leaseId, (await provider.hear('running')).leaseId]
    await engine?.pause((await containers())[0]?.id ?? '')
    for (const leaseId of leases) {
      provider.tell({ do: 'permit', leaseId, permitMs: 1_500, graceMs: 200 })
      await provider.hear('permitted')
    }
    await provider.kill('SIGKILL')
    await gone()
    for (const leaseId of leases) expect(await record(leaseId)).toMatchObject({ stopped: true, exit: { exitCode: 137 } })
  })

  it('writes down how a container ended by itself for a provider that was not there, and it is told when it is', async () => {
    const { peer, guardOf, gone } = await scene()
    const provider = await peer()
    await guardOf(provider)
    const command = ['sh', '-c', 'echo kept > /out/file; echo up; sleep 0.5; exit 5']
    provider.tell({ do: 'run', imageId, command })
    const { leaseId } = await provider.hear('running')
    provider.tell({ do: 'permit', leaseId, permitMs: 5_000, graceMs: 500 })
    await provider.hear('permitted')
    await provider.kill('SIGKILL')
    await gone()
    const again = await peer()
    await guardOf(again)
    again.tell({ do: 'start', leaseId })
    expect(await again.hear('exited')).toMatchObject({ exit: { exitCode: 5, outOfMemory: false } })
    again.tell({ do: 'collect', leaseId })
    await again.hear('collected')
  })

  it('is started again by its provider when it is killed, and ends what was running before', async () => {
    const { peer, guardOf, gone, record } = await scene()
    const provider = await peer()
    const first = await guardOf(provider)
    provider.tell({ do: 'run', imageId, command: WRITES_AND_STAYS })
    const { leaseId } = await provider.hear('running')
    process.kill(first, 'SIGKILL')
    await vi.waitFor(async () => expect(await guardOf(provider)).not.toBe(first), PATIENT)
    provider.tell({ do: 'permit', leaseId, ...PERMIT })
    await provider.hear('permitted')
    await provider.kill('SIGKILL')
    await gone()
    expect(await record(leaseId)).toMatchObject({ stopped: true, exit: { exitCode: 9 } })
  })

  it('is ended by its provider when it stands still, and another does its work', async () => {
    const { peer, guardOf, gone, record } = await scene()
    const provider = await peer({ silentMs: 6_000 })
    const first = await guardOf(provider)
    provider.tell({ do: 'run', imageId, command: WRITES_AND_STAYS })
    const { leaseId } = await provider.hear('running')
    process.kill(first, 'SIGSTOP')
    const others = async () => {
      const pid = await guardOf(provider).catch(() => first)
      expect(pid).not.toBe(first)
    }
    await vi.waitFor(others, PATIENT)
    expect(isAlive(first)).toBe(false)
    provider.tell({ do: 'permit', leaseId, ...PERMIT })
    await provider.hear('permitted')
    await provider.kill('SIGKILL')
    await gone()
    expect(await record(leaseId)).toMatchObject({ stopped: true, exit: { exitCode: 9 } })
  })

  it('is one for a data folder, goes on for a provider that comes back, and goes with the last that leaves', async () => {
    const { peer, guardOf, secondGuard, data } = await scene()
    const provider = await peer()
    const guard = await guardOf(provider)
    expect(await secondGuard()).toBe(0)
    expect(await guardOf(provider)).toBe(guard)
    const next = await peer()
    await provider.kill('SIGKILL')
    expect(await guardOf(next)).toBe(guard)
    next.tell({ do: 'leave' })
    await next.hear('left')
    await vi.waitFor(() => expect(isAlive(guard)).toBe(false), PATIENT)
    expect(await readdir(homePaths(data).guard)).toContain('log')
  })
})
