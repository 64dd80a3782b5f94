// Goal: an image that only the renter's engine has reaches a provider with an engine of its own, and is not kept twice for ever.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { messageOf } from '@weft/protocols'
import type { JobView, OfferView } from '@weft/protocols/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { DockerEngine } from '../../src/executor/docker-engine.ts'
import type { Engine, ImageInfo } from '../../src/executor/engine.ts'
import { engines } from '../executor/engines.ts'
import { busyboxImage } from '../executor/images.ts'
import { TestMesh } from './processes.ts'

const TOOL = fileURLToPath(new URL('../../../.tools/engine.mjs', import.meta.url))
const run = promisify(execFile)
const [here] = engines

/** A second engine, that has no images; undefined: none can be started here. */
async function startSecond(): Promise<Engine | undefined> {
  try {
    const { stdout } = await run(process.execPath, [TOOL, 'start'])
    return await DockerEngine.connect(stdout.trim(), 20_000)
  } catch (error) {
    console.warn(`skipping an image that only the renter has: no second engine can be started: ${messageOf(error)}`)
    return undefined
  }
}

const PATIENT = { timeout: 60_000, interval: 100 }
const LIMITS = ['-y', '--max-price', '1', '--memory', '128m', '--disk', '64m']

describe.skipIf(here === undefined)('an image that only the renter has', () => {
  let there: Engine | undefined
  let mesh: TestMesh
  let image: ImageInfo
  beforeAll(async () => {
    there = await startSecond()
    if (here === undefined || there === undefined) return
    // Its own for this run: no engine has seen it.
    const changes = [`CMD ["echo", "made ${randomBytes(8).toString('hex')}"]`, 'ENV PATH=/bin']
    image = await busyboxImage(here, { name: 'weft-test-local', changes })
    mesh = await TestMesh.create()
    const provider = await mesh.up('provider', '--provide', '--engine', there.host)
    await mesh.up('renter', '--bootstrap', provider.addresses[0] ?? '', '--engine', here.host)
    await vi.waitFor(async () => expect(await mesh.json<OfferView[]>('renter', 'offers')).toHaveLength(1), PATIENT)
  })
  afterAll(async () => {
    await mesh?.stop()
    if (image !== undefined) await here?.removeImage(image.imageId)
    if (there !== undefined) await run(process.execPath, [TOOL, 'stop', dirname(there.host.replace('unix://', ''))])
  })

  const filesBelow = async (peer: string, folder: string): Promise<string[]> =>
    (await readdir(join(mesh.folder, peer, folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)

  beforeEach((context) => context.skip(there === undefined, 'no second engine can be started'))

  it('is saved when the provider asks, runs there, and leaves nothing of its archive behind', async () => {
    expect(await there?.describeImage(image.imageId)).toBeUndefined()
    const ran = await mesh.weft('renter', 'run', ...LIMITS, '--name', 'first', image.imageId)
    expect(ran.err).toMatch(/^bill: /m)
    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/^made [0-9a-f]{16}\n$/) })
    expect((await there?.describeImage(image.imageId))?.imageId).toBe(image.imageId)
    await vi.waitFor(async () => {
      expect(JSON.parse(await readFile(join(mesh.folder, 'renter', 'images.json'), 'utf8'))).toEqual({})
      for (const peer of ['renter', 'provider']) expect(await filesBelow(peer, 'blocks')).toEqual([])
    }, PATIENT)
  })

  it('is not saved for a provider that has it already', async () => {
    const before = await readFile(join(mesh.folder, 'renter', 'images.json'))
    const ran = await mesh.weft('renter', 'run', ...LIMITS, '--name', 'second', image.imageId)
    expect(ran.code).toBe(0)
    const view = await mesh.json<JobView>('renter', 'show', 'second')
    expect(view).toMatchObject({ state: 'done', exitCode: 0 })
    expect(await readFile(join(mesh.folder, 'renter', 'images.json'))).toEqual(before)
    expect(await filesBelow('renter', 'blocks')).toEqual([])
  })
})
