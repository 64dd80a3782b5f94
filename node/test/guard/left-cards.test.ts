// Goal: a card is never lent by two peers of one machine, though one was killed and its container is still on it.
// Method: providers and their guards as processes with data folders of their own, containers on a real engine.
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Engine, LABELS } from '../../src/executor/index.ts'
import { lookIn } from '../../src/guard/door.ts'
import { homePaths } from '../../src/home/folder.ts'
import { engines } from '../executor/engines.ts'
import { busyboxImage } from '../executor/images.ts'
import { dataFolder } from './stand-in.ts'
import { StandInProcess } from './stand-in-process.ts'

const [engine] = engines
const PATIENT = { timeout: 100_000, interval: 50 }
const STAYS = ['sh', '-c', 'trap "exit 9" TERM; echo up; while true; do sleep 0.1; done']

const cleaners: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean()
})

describe.skipIf(engine === undefined || process.platform !== 'linux')('a card of a provider that was killed', () => {
  let imageId = ''
  beforeAll(async () => {
    imageId = (await busyboxImage(engine as Engine)).imageId
  })

  /** A provider's home, whose peer may come and go. */
  async function home() {
    const { data, remove } = await dataFolder()
    const paths = homePaths(data)
    await mkdir(paths.leases)
    const peerId = `cards-${randomBytes(4).toString('hex')}`
    const containers = () => (engine as Engine).list({ [LABELS.peer]: peerId })
    cleaners.push(remove)
    cleaners.push(async () => {
      for (const { id } of await containers()) await engine?.remove(id)
      // Only now has a guard that outlived its peer nothing left.
      await vi.waitFor(async () => expect(await lookIn(paths.guard)).toBeUndefined(), PATIENT)
    })
    return {
      containers,
      peer: async () => {
        const peer = new StandInProcess({ data, peerId, engine: (engine as Engine).host })
        cleaners.push(() => peer.end())
        await peer.hear('ready')
        return peer
      },
    }
  }
  const cards = (): [string, string] => {
    const own = randomBytes(4).toString('hex')
    return [`GPU-left-${own}-0`, `GPU-left-${own}-1`]
  }
  async function lend(peer: StandInProcess, devices: string[]): Promise<string[]> {
    peer.tell({ do: 'lend', devices })
    return (await peer.hear('lent')).devices
  }

  it('is nobody else’s while its container is there, its own peer’s again when that comes back, and anybody’s after', async () => {
    const [one, two] = [await home(), await home()]
    const [busy, idle] = cards()
    const [mine, other] = [await one.peer(), await two.peer()]
    expect(await lend(mine, [busy, idle])).toEqual([busy, idle])
    expect(await lend(other, [busy, idle])).toEqual([])
    mine.tell({ do: 'run', imageId, command: STAYS, devices: [busy] })
    await mine.hear('running')
    await mine.kill('SIGKILL')
    // What no container is on is free as soon as the guard has looked.
    await vi.waitFor(async () => expect(await lend(other, [busy, idle])).toEqual([idle]), PATIENT)
    expect(await lend(other, [busy, idle])).toEqual([idle])

    const again = await one.peer()
    expect(await lend(again, [busy, idle])).toEqual([busy])
    expect(await lend(other, [busy])).toEqual([])
    await again.kill('SIGKILL')
    expect(await lend(other, [busy])).toEqual([])
    for (const { id } of await one.containers()) await engine?.remove(id)
    await vi.waitFor(async () => expect(await lend(other, [busy])).toEqual([busy]), PATIENT)
  })

  it('is nobody else’s though its guard was killed with it, where both have one engine', async () => {
    const [one, two] = [await home(), await home()]
    const [card] = cards()
    const [mine, other] = [await one.peer(), await two.peer()]
    expect(await lend(mine, [card])).toEqual([card])
    mine.tell({ do: 'run', imageId, command: STAYS, devices: [card] })
    await mine.hear('running')
    mine.tell({ do: 'guard' })
    const { pid } = await mine.hear('guard')
    mine.signal('SIGSTOP')
    process.kill(pid as number, 'SIGKILL')
    await mine.kill('SIGKILL')
    expect(await lend(other, [card])).toEqual([])
    const again = await one.peer()
    expect(await lend(again, [card])).toEqual([card])
    await again.kill('SIGKILL')
    for (const { id } of await one.containers()) await engine?.remove(id)
    await vi.waitFor(async () => expect(await lend(other, [card])).toEqual([card]), PATIENT)
  })

  it('stays its own when its guard dies before it: the next guard takes the locks up', async () => {
    const [one, two] = [await home(), await home()]
    const [card] = cards()
    const [mine, other] = [await one.peer(), await two.peer()]
    expect(await lend(mine, [card])).toEqual([card])
    mine.tell({ do: 'guard' })
    const { pid } = await mine.hear('guard')
    process.kill(pid as number, 'SIGKILL')
    expect(await lend(other, [card])).toEqual([])
    await vi.waitFor(async () => {
      mine.tell({ do: 'guard' })
      const next = await mine.hear('guard')
      expect(next).toMatchObject({ pid: expect.any(Number), held: [expect.any(String)] })
      expect(next.pid).not.toBe(pid)
    }, PATIENT)
    mine.tell({ do: 'run', imageId, command: STAYS, devices: [card] })
    await mine.hear('running')
    await mine.kill('SIGKILL')
    expect(await lend(other, [card])).toEqual([])
  })
})
