import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { DeviceLocks } from '../../src/capacity/index.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

function locks(): DeviceLocks {
  const made = new DeviceLocks()
  cleanups.push(() => made.keep(new Set()))
  return made
}
/** Names of devices of this test alone. */
const id = (name: string) => `GPU-test-${process.pid}-${name}`

it.skipIf(process.platform !== 'linux')('a device is one peer’s, and the other’s once that has let go of it', async () => {
  const [one, other] = [locks(), locks()]
  expect(await one.take([id('a'), id('b')])).toEqual([])
  expect(await other.take([id('b'), id('c')])).toEqual([id('b')])
  expect(await one.take([id('a'), id('b')])).toEqual([])
  await one.keep(new Set([id('a')]))
  expect(await other.take([id('a'), id('b')])).toEqual([id('a')])
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
  expect(await mine.take([id('k')])).toEqual([id('k')])
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await mine.take([id('k')])).toEqual([])
})

it.skipIf(process.platform !== 'linux')('whatever a device is called, its lock is a name of its own', async () => {
  const [one, other] = [locks(), locks()]
  const names = ['../../etc/passwd', '\0', 'x'.repeat(10_000), id('\n'), ''].map((name) => id(name))
  expect(await one.take(names)).toEqual([])
  expect(await other.take(names)).toEqual(names)
})

it('where the system has no such locks every device is free', async () => {
  expect(await new DeviceLocks('darwin').take([id('a')])).toEqual([])
})
