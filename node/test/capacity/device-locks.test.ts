import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { DeviceLocks, deviceHex, seenLocks } from '../../src/capacity/index.ts'
import { CardLocks } from '../../src/guard/card-locks.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

function locks(): DeviceLocks {
  const made = new DeviceLocks()
  cleanups.push(() => made.keep(new Set()))
  return made
}
const refused = async (by: DeviceLocks, ids: string[]): Promise<string[]> => [...(await by.take(ids)).keys()]
/** Names of devices of this test alone. */
const id = (name: string) => `GPU-test-${process.pid}-${name}`

it.skipIf(process.platform !== 'linux')('a device is one peer’s, and the other’s once that has let go of it', async () => {
  const [one, other] = [locks(), locks()]
  expect(await refused(one, [id('a'), id('b')])).toEqual([])
  expect(await refused(other, [id('b'), id('c')])).toEqual([id('b')])
  expect(await refused(one, [id('a'), id('b')])).toEqual([])
  await one.keep(new Set([id('a')]))
  expect(await refused(other, [id('a'), id('b')])).toEqual([id('a')])
})

it.skipIf(process.platform !== 'linux')('a device is free again when the process that had it was killed', async () => {
  const module = fileURLToPath(new URL('../../src/capacity/device-locks.ts', import.meta.url))
  const script = `const { DeviceLocks } = await import(${JSON.stringify(module)})
    await new DeviceLocks().take([${JSON.stringify(id('k'))}]); console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--conditions=@weft/source', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanups.push(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const mine = locks()
  expect(await refused(mine, [id('k')])).toEqual([id('k')])
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await refused(mine, [id('k')])).toEqual([])
})

it.skipIf(process.platform !== 'linux')('whatever a device is called, its lock is a name of its own', async () => {
  const [one, other] = [locks(), locks()]
  const names = ['../../etc/passwd', '\0', 'x'.repeat(10_000), id('\n'), ''].map((name) => id(name))
  expect(await refused(one, names)).toEqual([])
  expect(await refused(other, names)).toEqual(names)
})

it('where the system has no such locks every device is free', async () => {
  expect(await refused(new DeviceLocks(seenLocks(), 'darwin'), [id('a')])).toEqual([])
})

it.skipIf(process.platform !== 'linux')(
  'what a guard holds for a container is nobody’s but its own peer’s, and free when the guard lets go',
  async () => {
    const guard = new CardLocks()
    cleanups.push(() => guard.keep(new Set()))
    const hex = deviceHex(id('g'))
    await guard.keep(new Set([hex]))
    const own = new DeviceLocks(seenLocks(new Set([hex])))
    cleanups.push(() => own.keep(new Set()))
    expect(await refused(locks(), [id('g')])).toEqual([id('g')])
    expect(await refused(own, [id('g')])).toEqual([])
    await own.keep(new Set())
    await guard.keep(new Set())
    expect(await refused(locks(), [id('g')])).toEqual([])
  },
)

it('a device that nobody can hold for a container is not lent, and the reason says so', async () => {
  const unguarded = new DeviceLocks({ hold: async () => undefined })
  const said = await unguarded.take([id('u')])
  expect(said.get(id('u'))).toMatch(/guard of this peer does not answer/)
  expect(await refused(locks(), [id('u')])).toEqual([])
})

it.skipIf(process.platform !== 'linux')(
  'a guard that lets go and takes at once ends with what it was asked for last',
  async () => {
    const [guard, other] = [new CardLocks(), new CardLocks()]
    cleanups.push(
      () => guard.keep(new Set()),
      () => other.keep(new Set()),
    )
    const [one, two] = [deviceHex(id('x')), deviceHex(id('y'))]
    await Promise.all([
      guard.take(new Set([one])),
      guard.keep(new Set()),
      guard.take(new Set([one, two])),
      guard.keep(new Set([one])),
    ])
    expect([...(await other.take(new Set([one, two])))]).toEqual([two])
  },
)
