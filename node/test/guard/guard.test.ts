// Goal: a container of a peer is ended when its permit has passed, whatever its files say, and no other container is touched.
// Method: a guard over containers that exist in memory only, and a clock that a test sets.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ContainerState, Engine, ListedContainer } from '../../src/executor/engine.ts'
import { LABELS } from '../../src/executor/profile.ts'
import { permitText } from '../../src/executor/written-permit.ts'
import { Guard } from '../../src/guard/guard.ts'

const GRACE_MS = 700
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-guard-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function scene() {
  const containers = new Map<string, ListedContainer>()
  const done: string[] = []
  const logged: string[] = []
  const at = { monoMs: 1_000, suspendedMs: 0, isPeerThere: true, stopFails: 0 }
  const engine: Partial<Engine> = {
    name: 'memory',
    list: async (labels) =>
      [...containers.values()].filter((found) =>
        Object.entries(labels).every(([name, value]) => found.labels[name] === (value ?? found.labels[name])),
      ),
    async stop(id, graceMs) {
      done.push(`stop ${id} ${graceMs}`)
      if (at.stopFails-- > 0) throw new Error('the engine is gone')
      const found = containers.get(id)
      if (found !== undefined) found.state = 'exited'
    },
    async inspect(id) {
      const found = containers.get(id)
      if (found === undefined) return undefined
      const exit = found.state === 'exited' ? { exitCode: 143, oomKilled: false } : undefined
      return { id, name: id, state: found.state, labels: found.labels, exit }
    },
    async remove(id) {
      done.push(`remove ${id}`)
      containers.delete(id)
    },
  }
  const guard = new Guard({
    engine: engine as Engine,
    folder,
    peerId: 'me',
    now: () => ({ era: 'boot', monoMs: at.monoMs, suspendedMs: at.suspendedMs }),
    isPeerThere: () => at.isPeerThere,
    log: (_fields, text) => void logged.push(text),
  })
  async function add(id: string, init: { state?: ContainerState; labels?: object; file?: string | object | null } = {}) {
    const { state = 'running', file = { untilMono: 40_000 } } = init
    const labels = {
      [LABELS.peer]: 'me',
      [LABELS.lease]: id,
      [LABELS.era]: 'boot',
      [LABELS.permit]: '5000',
      [LABELS.grace]: '300',
    }
    containers.set(id, { id, state, labels: { ...labels, ...init.labels } })
    if (file === null) return
    await mkdir(join(folder, id), { recursive: true })
    const permit = { untilMono: 0, graceMs: GRACE_MS, era: 'boot', suspendedMs: 0 }
    await writeFile(join(folder, id, 'permit.json'), typeof file === 'string' ? file : permitText({ ...permit, ...file }))
  }
  async function lookAt(monoMs: number): Promise<string[]> {
    at.monoMs = monoMs
    await guard.look()
    await guard.settled()
    return done.splice(0)
  }
  const record = async (id: string): Promise<unknown> => JSON.parse(await readFile(join(folder, id, 'ended.json'), 'utf8'))
  return { guard, add, lookAt, record, at, logged, containers }
}

test('a container runs on while its permit holds, and is stopped with its grace, recorded and removed when it has passed', async () => {
  const { add, lookAt, record } = scene()
  await add('a')
  expect(await lookAt(39_999)).toEqual([])
  expect(await lookAt(40_000)).toEqual(['stop a 700', 'remove a'])
  const exit = { exitCode: 143, outOfMemory: false, endedMono: 40_000 }
  expect(await record('a')).toEqual({ version: 1, era: 'boot', foundMono: 40_000, stopped: true, exit })
})

test('a container that is found late gets no more grace than is left', async () => {
  const { add, lookAt } = scene()
  await add('a')
  await add('b')
  expect((await lookAt(40_200)).toSorted()).toEqual(['remove a', 'remove b', 'stop a 500', 'stop b 500'])
  await add('c')
  expect(await lookAt(90_000)).toEqual(['stop c 0', 'remove c'])
})

test('a renewed permit counts from the moment that it is written', async () => {
  const { add, lookAt } = scene()
  await add('a')
  await add('a', { file: { untilMono: 60_000 } })
  expect(await lookAt(40_001)).toEqual([])
  expect(await lookAt(60_000)).toHaveLength(2)
})

test.each(['', 'nonsense', '{"version":1}', '[]', 'x'.repeat(100_000)])(
  'a container whose permit file says nothing of use has its first permit, which its labels say (%#)',
  async (file) => {
    const { add, lookAt } = scene()
    await add('a', { file })
    await add('b', { file: null })
    expect(await lookAt(4_999)).toEqual([])
    expect((await lookAt(5_000)).toSorted()).toEqual(['remove a', 'remove b', 'stop a 300', 'stop b 300'])
  },
)

test('a container of which nothing at all is known ends at once, with a grace', async () => {
  const { add, lookAt } = scene()
  await add('a', { file: null, labels: { [LABELS.permit]: 'soon', [LABELS.lease]: '../../etc' } })
  expect(await lookAt(1e6)).toEqual(['stop a 10000', 'remove a'])
})

test('what is not this peer’s is not touched', async () => {
  const { add, lookAt } = scene()
  await add('a', { labels: { [LABELS.peer]: 'you' }, file: null })
  expect(await lookAt(1e9)).toEqual([])
})

test('of devices it tells which its own containers are on, and which running ones of other peers', async () => {
  const { add, guard } = scene()
  await add('a', { labels: { [LABELS.devices]: 'GPU-1,GPU-2' } })
  await add('b', { labels: { [LABELS.devices]: '' } })
  await add('c', { labels: { [LABELS.peer]: 'you', [LABELS.devices]: 'GPU-3' } })
  await add('d', { labels: { [LABELS.peer]: 'you', [LABELS.devices]: 'GPU-4' }, state: 'exited' })
  const others = new Set(['GPU-3'])
  expect(await guard.look()).toEqual({ containers: 2, devices: new Set(['GPU-1', 'GPU-2']), others })
  expect(await guard.devicesOfOthers()).toEqual(others)
})

test('a paused container is ended as one that runs', async () => {
  const { add, lookAt } = scene()
  await add('a', { state: 'paused' })
  expect(await lookAt(40_000)).toEqual(['stop a 700', 'remove a'])
})

test('what ended by itself is left to a peer that is there, and recorded and removed where there is none', async () => {
  const { add, lookAt, record, at } = scene()
  await add('a', { state: 'exited' })
  await add('b', { state: 'created' })
  expect(await lookAt(41_000)).toEqual([])
  at.isPeerThere = false
  expect(await lookAt(39_000)).toEqual([])
  expect((await lookAt(41_000)).toSorted()).toEqual(['remove a', 'remove b'])
  expect(await record('a')).toMatchObject({ stopped: false, exit: { exitCode: 143 } })
  expect(await record('b')).not.toHaveProperty('exit')
})

test('time that the machine was suspended counts as time of the permit', async () => {
  const { add, lookAt, at } = scene()
  await add('a')
  at.suspendedMs = 20_000
  expect(await lookAt(19_999)).toEqual([])
  expect(await lookAt(20_000)).toEqual(['stop a 700', 'remove a'])
})

test('an engine that fails to stop is asked again with the next look', async () => {
  const { add, lookAt, at, logged } = scene()
  await add('a')
  at.stopFails = 1
  expect(await lookAt(40_000)).toEqual(['stop a 700'])
  expect(logged).toEqual(['ending a container failed; trying again'])
  expect(await lookAt(40_100)).toEqual(['stop a 600', 'remove a'])
})

test('a hundred containers are ended at once, each of them once, though looks overlap', async () => {
  const { guard, add, at, containers } = scene()
  for (let n = 0; n < 100; n++) await add(`lease${n}`)
  at.monoMs = 50_000
  await Promise.all([guard.look(), guard.look(), guard.look()])
  await guard.settled()
  expect(containers.size).toBe(0)
})

test('a folder that cannot be written to keeps no container running', async () => {
  const { add, lookAt, logged } = scene()
  await add('a')
  await mkdir(join(folder, 'a', 'ended.json.part'))
  expect(await lookAt(40_000)).toEqual(['stop a 700', 'remove a'])
  expect(logged).toContain('an end cannot be written down')
})
