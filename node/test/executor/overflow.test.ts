import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WeftError } from '@weft/protocols'
import { afterEach, describe, expect, test } from 'vitest'
import { DISK_RESERVE_BYTES } from '../../src/executor/disk.ts'
import { ProcessEngine } from '../../src/executor/process-engine.ts'
import { engines } from './engines.ts'
import { anOutput, type FakeContent, type Scene, scene } from './fixture.ts'

const cleaners: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean()
})

async function using(...given: Parameters<typeof scene>): Promise<Scene> {
  const made = await scene(...given)
  cleaners.push(() => made.close())
  return made
}

async function anInput(content: FakeContent) {
  const folder = await mkdtemp(join(tmpdir(), 'weft-overflow-test-'))
  cleaners.push(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, 'data/a'), 'x')
  return { path: '/in', cid: content.add(join(folder, 'data')), readOnly: false, bytes: 1000 }
}

const grantOf = (diskMib: number) => ({
  grant: {
    gpuCount: 0,
    gpuVramMib: 0,
    gpuVendor: '',
    gpuModels: [],
    gpuComputeCapability: '',
    cpuMilli: 1000,
    memoryMib: 128,
    diskMib,
  },
})

for (const engine of engines) {
  describe(`a job over ${engine.name} ${engine.version}`, () => {
    test('that fills a writable input, and asked for no outputs, is stopped at what it was granted', async () => {
      const made = await using(engine, { outputCheckMs: 50 })
      const work = made.work(
        ['sh', '-c', 'head -c 3000000 /dev/zero > /in/big; sleep 600'],
        { inputs: [await anInput(made.content)] },
        grantOf(1),
      )
      expect((await made.run(work)).exit.exitCode).not.toBe(0)
      const { fault } = await made.runner.collect(work.leaseId)
      expect(fault?.code).toBe('OUTPUT_TOO_LARGE')
      expect(fault?.message).toContain('--disk')
      expect((await readdir(join(made.folder, work.leaseId))).sort()).toEqual([
        'collected.json',
        'lease.json',
        'output.spool',
        'permit.json',
      ])
    })

    test('whose outputs and writable input together pass the grant is stopped', async () => {
      const made = await using(engine, { outputCheckMs: 50 })
      const script = 'head -c 700000 /dev/zero > /out/a; head -c 700000 /dev/zero > /in/b; sleep 600'
      const work = made.work(
        ['sh', '-c', script],
        { inputs: [await anInput(made.content)], outputs: [anOutput('/out')] },
        grantOf(1),
      )
      await made.run(work)
      expect((await made.runner.collect(work.leaseId)).fault?.code).toBe('OUTPUT_TOO_LARGE')
    })

    test.each([
      { how: 'too deep', names: 'i=0; while [ $i -lt 70 ]; do mkdir d && cd d; i=$((i+1)); done' },
      {
        how: 'under a path too long',
        names: 'n=$(printf "%0250d" 1); i=0; while [ $i -lt 17 ]; do mkdir $n && cd $n; i=$((i+1)); done',
      },
    ])('that hides its outputs $how is stopped, and its files are removed', async ({ names }) => {
      const made = await using(engine, { outputCheckMs: 50 })
      const work = made.work(['sh', '-c', `cd /out; ${names}; head -c 100 /dev/zero > hidden; exec sleep 600`], {
        outputs: [anOutput('/out')],
      })
      await made.run(work)
      const { fault } = await made.runner.collect(work.leaseId)
      expect(fault).toMatchObject({ code: 'OUTPUT_TOO_LARGE' })
      expect(fault?.message).not.toContain(made.folder)
      await made.runner.remove(work.leaseId)
      await expect(stat(join(made.folder, work.leaseId))).rejects.toThrow('ENOENT')
      expect(await readdir(made.folder)).toEqual([])
    })
  })
}

describe('a job over the process engine', () => {
  const engine = new ProcessEngine({ unsafeProcessEngine: true })

  test('that fills the disk is stopped as the fattest of two, and its files make room', async () => {
    let free = 2 * DISK_RESERVE_BYTES
    const made = await using(engine, { outputCheckMs: 20, freeDisk: async () => free })
    const script = (bytes: number) =>
      `require('fs').writeFileSync('/out/a', Buffer.alloc(${bytes}, 1)); console.log('written'); setInterval(() => {}, 1000)`
    const outputs = [anOutput('/out')]
    const [fat, thin] = [made.work(['-e', script(900_000)], { outputs }), made.work(['-e', script(10)], { outputs })]
    for (const work of [fat, thin]) {
      await made.runner.deliver(work)
      await made.runner.start(work.leaseId)
      await expect.poll(() => made.output(work.leaseId)).toContain('written')
    }
    free = DISK_RESERVE_BYTES - 1
    await made.exited(fat.leaseId)
    expect((await made.runner.collect(fat.leaseId)).fault?.code).toBe('NO_SPACE')
    free = 2 * DISK_RESERVE_BYTES
    await expect(stat(join(made.folder, fat.leaseId, 'outputs'))).rejects.toThrow('ENOENT')
    expect(made.exits.get(thin.leaseId)).toBeUndefined()
    await made.runner.stop(thin.leaseId, 0)
  })

  test('whose outputs would take the last of the disk when they are packed is told so', async () => {
    const made = await using(engine, { freeDisk: async () => DISK_RESERVE_BYTES + 5 })
    const work = made.work(['-e', "require('fs').writeFileSync('/out/a', '0123456789')"], { outputs: [anOutput('/out')] })
    await made.run(work)
    expect((await made.runner.collect(work.leaseId)).fault?.code).toBe('NO_SPACE')
    expect(made.content.packed).toEqual([])
  })

  test('is never told where this machine keeps its files', async () => {
    const made = await using(engine)
    const work = made.work(['-e', ''], { outputs: [anOutput('/out')] })
    await made.run(work)
    made.content.packTree = async () => Promise.reject(new Error(`EIO: read '${made.folder}/store/1'`))
    expect((await made.runner.collect(work.leaseId)).fault?.message).not.toContain(made.folder)
    const other = made.work(['-e', ''], { inputs: [await anInput(made.content)] })
    made.content.fetchTree = async () =>
      Promise.reject(new WeftError('BAD_CONTENT', `at ${made.folder}/${other.leaseId}/inputs/0`))
    made.content.fetchFile = made.content.fetchTree
    await expect(made.runner.deliver(other)).rejects.toThrow(/at inputs\/0/)
  })
})
