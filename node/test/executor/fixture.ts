import { createHash, randomBytes } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type LeaseId, leaseId, messageId, peerId, WeftError } from '@weft/protocols'
import { type Exit, OutputDecoder, type Work } from '@weft/protocols/ports'
import type { ExecutorSubject, Program } from '@weft/protocols/testing'
import type { Spec } from '@weft/protocols/wire'
import { systemClock } from '../../src/clock.ts'
import type { AskForImage, ContentFetcher, FetchOptions } from '../../src/executor/content-fetcher.ts'
import type { Engine } from '../../src/executor/engine.ts'
import { PROCESS_IMAGE } from '../../src/executor/process-engine.ts'
import { Runner, type RunnerInit } from '../../src/executor/runner.ts'
import { busyboxImage } from './images.ts'

export const MISSING_IMAGE = `sha256:${'0'.repeat(64)}`

/** Content by name: what a test puts in can be fetched, what the executor packs is kept as a list of paths and texts. */
export class FakeContent implements ContentFetcher {
  readonly paths = new Map<string, string>()
  readonly packed: Record<string, string>[] = []
  readonly shared: string[] = []
  readonly released: string[] = []
  fetched = 0
  /** The file that the renter answers with when it is asked for a lease's image; undefined: it has none. */
  archive: string | undefined

  readonly askForImage: AskForImage = async () => {
    if (this.archive === undefined) throw new WeftError('NO_IMAGE', 'the renter has none')
    return { cid: this.add(this.archive), bytes: (await stat(this.archive)).size }
  }

  /** The CID under which `path`, a file or folder, is fetched. */
  add(path: string): Uint8Array {
    const cid = Uint8Array.of(1, 0x70, ...createHash('sha256').update(path).digest())
    this.paths.set(Buffer.from(cid).toString('hex'), path)
    return cid
  }

  async fetchTree(_from: unknown, _addresses: unknown, cid: Uint8Array, into: string, _options?: FetchOptions): Promise<void> {
    const path = this.#path(cid)
    if (await readFile(path).catch(() => undefined)) throw new WeftError('BAD_CONTENT', 'it is a file')
    this.fetched += 1
    await cp(path, into, { recursive: true, verbatimSymlinks: true })
  }

  async fetchFile(_from: unknown, _addresses: unknown, cid: Uint8Array, to: string): Promise<void> {
    this.fetched += 1
    await cp(this.#path(cid), to)
  }

  async packTree(entries: readonly { name: string; path: string }[]) {
    const { readdir, stat } = await import('node:fs/promises')
    const files: Record<string, string> = {}
    let bytes = 0
    for (const { name, path } of entries) {
      for (const item of await readdir(path, { recursive: true, withFileTypes: true })) {
        if (item.isDirectory()) continue
        const full = join(item.parentPath, item.name)
        bytes += (await stat(full)).size
        files[`${name}${full.slice(path.length)}`] = (await readFile(full, 'utf8')).slice(0, 200)
      }
    }
    this.packed.push(files)
    return { cid: Uint8Array.of(1, 0x70, this.packed.length), bytes, skipped: { count: 0, examples: [] } }
  }

  async share(_cid: Uint8Array, peer: string): Promise<void> {
    this.shared.push(peer)
  }

  async release(cid: Uint8Array): Promise<void> {
    this.released.push(Buffer.from(cid).toString('hex'))
  }

  #path(cid: Uint8Array): string {
    const path = this.paths.get(Buffer.from(cid).toString('hex'))
    if (path === undefined) throw new WeftError('MISSING', 'nobody has it')
    return path
  }
}

export interface Scene {
  engine: Engine
  runner: Runner
  content: FakeContent
  folder: string
  imageId: string
  /** The label of its containers. */
  network: string
  exits: Map<LeaseId, Exit[]>
  /** A new lease; `spec` overrides. */
  work(command: readonly string[], spec?: Partial<Spec>, work?: Partial<Work>): Work
  /** Delivers, starts and waits for the end. */
  run(work: Work): Promise<{ exit: Exit; output: string }>
  exited(id: LeaseId): Promise<Exit>
  /** What the lease wrote so far, stdout and stderr, gaps as `[n lost]`. */
  output(id: LeaseId): Promise<string>
  /** Another runner over the same folder and engine: the peer after a crash. */
  again(): Runner
  close(): Promise<void>
}

export async function scene(engine: Engine, init: Partial<RunnerInit> = {}): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-executor-test-'))
  const content = new FakeContent()
  const imageId = engine.name === 'process' ? await processImage(engine) : (await busyboxImage(engine)).imageId
  const network = `test-${randomBytes(4).toString('hex')}`
  const all = {
    engine,
    folder,
    peerId: 'test-peer',
    network,
    content,
    askForImage: content.askForImage,
    log: { info() {}, warn() {} },
    ...init,
  }
  const runners: Runner[] = []
  const exits = new Map<LeaseId, Exit[]>()
  const waiting = new Map<LeaseId, (exit: Exit) => void>()
  const made: LeaseId[] = []
  const make = (): Runner => {
    const runner = new Runner(all)
    runner.listen({
      progress() {},
      exited(id, exit) {
        exits.set(id, [...(exits.get(id) ?? []), exit])
        waiting.get(id)?.(exit)
      },
    })
    runners.push(runner)
    return runner
  }
  const runner = make()
  const exited = (id: LeaseId): Promise<Exit> => {
    const [exit] = exits.get(id) ?? []
    return exit === undefined ? new Promise((resolve) => waiting.set(id, resolve)) : Promise.resolve(exit)
  }
  const output = (id: LeaseId): Promise<string> => readSpool(join(folder, id, 'output.spool'))
  return {
    engine,
    runner,
    content,
    folder,
    imageId,
    network,
    exits,
    exited,
    output,
    again: make,
    work(command, spec = {}, work = {}) {
      const lease = aWork(imageId, command, spec, work)
      made.push(lease.leaseId)
      return lease
    },
    async run(work) {
      await runner.deliver(work)
      await runner.start(work.leaseId)
      const exit = await exited(work.leaseId)
      return { exit, output: await output(work.leaseId) }
    },
    async close() {
      const last = runners.at(-1) ?? runner
      for (const id of made) await last.remove(id)
      for (const each of runners) await each.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A lease with defaults that fit any test machine. */
export function aWork(imageId: string, command: readonly string[], spec: Partial<Spec> = {}, work: Partial<Work> = {}): Work {
  return {
    leaseId: leaseId(randomBytes(32).toString('hex')),
    orderId: messageId(randomBytes(32).toString('hex')),
    renter: peerId('test-renter'),
    renterAddresses: [],
    spec: {
      imageId,
      imageReference: 'test',
      imagePull: '',
      imageFromRenter: false,
      imageBytes: 0,
      command,
      env: [],
      workdir: '',
      inputs: [],
      outputs: [],
      ...spec,
    },
    grant: {
      gpuCount: 0,
      gpuVramMib: 0,
      gpuVendor: '',
      gpuModels: [],
      gpuComputeCapability: '',
      cpuMilli: 1000,
      memoryMib: 128,
      diskMib: 0,
    },
    outputBytesMax: 1024 * 1024,
    permit: { untilMono: systemClock.monoMs() + 600_000, graceMs: 1000 },
    ...work,
  }
}

export const anOutput = (path: string) => ({ path, cid: new Uint8Array(0), readOnly: false, bytes: 0 })

export async function readSpool(path: string): Promise<string> {
  const { gapBytes } = await import('@weft/protocols/ports')
  const frames = new OutputDecoder().push(await readFile(path))
  return frames
    .map(({ stream, payload }) => (stream === 'gap' ? `[${gapBytes(payload)} lost]` : Buffer.from(payload).toString()))
    .join('')
}

/** The compliance suite's programs in busybox, or in Node for the process engine. */
export function subjectOf(scene: Scene): ExecutorSubject {
  const command = scene.engine.name === 'process' ? nodeCommand : busyboxCommand
  return {
    executor: scene.runner,
    work: (program, options) =>
      scene.work(command(program), {
        ...(options?.image === 'missing' ? { imageId: MISSING_IMAGE } : {}),
        outputs: program.does === 'write' ? [anOutput('/out')] : [],
      }),
    async again() {
      await scene.runner.close()
      return scene.again()
    },
    settle: () => delay(50),
  }
}

function busyboxCommand(program: Program): string[] {
  switch (program.does) {
    case 'exit':
      return ['sh', '-c', `exit ${program.code}`]
    case 'print':
      return ['echo', program.text]
    case 'wait':
      return ['sh', '-c', 'trap "exit 143" TERM; while true; do sleep 0.1; done']
    case 'ignore-sigterm':
      return ['sh', '-c', 'trap "" TERM; while true; do sleep 1; done']
    case 'write':
      return ['sh', '-c', `head -c ${program.bytes} /dev/zero > /out/file`]
  }
}

function nodeCommand(program: Program): string[] {
  switch (program.does) {
    case 'exit':
      return ['-e', `process.exit(${program.code})`]
    case 'print':
      return ['-e', `console.log(${JSON.stringify(program.text)})`]
    case 'wait':
      return ['-e', 'setTimeout(() => {}, 600_000)']
    case 'ignore-sigterm':
      return ['-e', 'process.on("SIGTERM", () => {}); setTimeout(() => {}, 600_000)']
    case 'write':
      return ['-e', `require('fs').writeFileSync('/out/file', Buffer.alloc(${program.bytes}))`]
  }
}

async function processImage(engine: Engine): Promise<string> {
  return (await engine.describeImage(PROCESS_IMAGE))?.imageId ?? ''
}
