import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jobId, leaseId, type PeerId, type WeftError } from '@weft/protocols'
import { encodeOutputFrame, OutputDecoder } from '@weft/protocols/ports'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenOutput } from '../../src/results/follower.ts'
import { type JobFile, JobFiles } from '../../src/results/job-files.ts'
import { decodeRequest, encodeRequest } from '../../src/results/output-protocol.ts'
import { place } from '../../src/results/place.ts'
import { NodeResults } from '../../src/results/results.ts'

const ID = jobId('a'.repeat(32))
const LEASE = leaseId('b'.repeat(64))
const PROVIDER = 'provider' as PeerId
const frame = (text: string): Uint8Array => encodeOutputFrame('stdout', new TextEncoder().encode(text))

let folder: string
let files: JobFiles
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-results-'))
  files = new JobFiles(join(folder, 'jobs'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A provider's spool, served in pieces of `pieceBytes`; every connection breaks after `breakAfter` pieces. */
function provider(spool: Uint8Array, { pieceBytes = 7, breakAfter = Number.POSITIVE_INFINITY } = {}) {
  const offsets: number[] = []
  const open: OpenOutput = async function* (_from, _lease, offset, signal) {
    offsets.push(offset)
    let pieces = 0
    for (let at = offset; at < spool.length; at += pieceBytes) {
      if (pieces++ >= breakAfter) throw new Error('the connection broke')
      yield spool.subarray(at, at + pieceBytes)
    }
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  }
  return { open, offsets }
}

function makeResults(
  open: OpenOutput,
  fetchTree: (cid: Uint8Array, from: PeerId, into: string) => Promise<void> = async () => undefined,
  { stallMs = 60_000 } = {},
) {
  const faults: WeftError[] = []
  const firsts: string[] = []
  const results = new NodeResults({
    files,
    open,
    fetchTree,
    onFault: (_job, _lease, error) => faults.push(error),
    stallMs,
  })
  results.listen({ firstOutput: (id) => firsts.push(id) })
  return { results, faults, firsts }
}

const aFile = (fields: Partial<JobFile> = {}): JobFile => ({
  version: 1,
  name: 'job',
  typed: [],
  submittedAt: '2026-01-01T00:00:00.000Z',
  inputs: [],
  outputs: [],
  shared: [],
  ...fields,
})

describe('following a lease', () => {
  it('copies the spool, tells of the first output once, and finishes at its length', async () => {
    const spool = Buffer.concat([frame('one'), frame('two')])
    const { results, firsts } = makeResults(provider(spool).open)
    results.follow(ID, LEASE, PROVIDER)
    await results.finish(ID, LEASE, PROVIDER, { logBytes: spool.length, outputs: undefined })
    expect(await readFile(files.spool(ID, LEASE))).toEqual(spool)
    expect(firsts).toEqual([ID])
    await results.stop()
  })

  it('goes on at the offset reached when connections break', async () => {
    const spool = Buffer.concat([frame('a'.repeat(100)), frame('b'.repeat(100))])
    const { open, offsets } = provider(spool, { pieceBytes: 60, breakAfter: 1 })
    const { results } = makeResults(open)
    await results.finish(ID, LEASE, PROVIDER, { logBytes: spool.length, outputs: undefined })
    expect(await readFile(files.spool(ID, LEASE))).toEqual(spool)
    expect(offsets.slice(0, 4)).toEqual([0, 60, 120, 180])
    await results.stop()
  })

  it('goes on in the middle of a frame after this peer restarted', async () => {
    const spool = Buffer.concat([frame('before'), frame('after')])
    await mkdir(files.folder(ID), { recursive: true })
    await writeFile(files.spool(ID, LEASE), spool.subarray(0, 17))
    const { open, offsets } = provider(spool)
    const { results, firsts, faults } = makeResults(open)
    await results.finish(ID, LEASE, PROVIDER, { logBytes: spool.length, outputs: undefined })
    expect(await readFile(files.spool(ID, LEASE))).toEqual(spool)
    expect({ offsets, firsts, faults }).toEqual({ offsets: [17], firsts: [], faults: [] })
    await results.stop()
  })

  it('takes nothing more from a provider whose bytes are no spool', async () => {
    const { results, faults } = makeResults(provider(Buffer.from('GET / HTTP/1.1 and more')).open)
    await results.finish(ID, LEASE, PROVIDER, { logBytes: 20, outputs: undefined })
    expect(faults.map(({ code }) => code)).toEqual(['OUTPUT_INVALID'])
    await results.stop()
  })

  it('keeps a malformed count of lost bytes out of the file, where it would break every later reading', async () => {
    const good = frame('good')
    const { results, faults } = makeResults(provider(Buffer.concat([good, encodeOutputFrame('gap', new Uint8Array(3))])).open)
    await results.finish(ID, LEASE, PROVIDER, { logBytes: good.length + 11, outputs: undefined })
    expect(faults.map(({ code }) => code)).toEqual(['OUTPUT_INVALID'])
    expect(() => new OutputDecoder().push(readFileSync(files.spool(ID, LEASE)))).not.toThrow()
  })

  it('brings the outputs of a provider that sends less log than it signed, and says so in the job’s file', async () => {
    await files.write(ID, aFile({ outputs: [{ container: '/out', host: join(folder, 'out'), placed: null }] }))
    const fetchTree = async (_cid: Uint8Array, _from: PeerId, into: string): Promise<void> => {
      await mkdir(into)
      await writeFile(join(into, '0'), 'weights')
    }
    const { results, faults } = makeResults(provider(frame('short')).open, fetchTree, { stallMs: 500 })
    await results.finish(ID, LEASE, PROVIDER, { logBytes: 1_000, outputs: Uint8Array.of(1) })
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('weights')
    expect(faults.map(({ code }) => code)).toEqual(['OUTPUT_LOST'])
    expect((await files.read(ID))?.warnings).toEqual([expect.stringContaining('sent 13 of 1000 bytes')])
    await results.stop()
  })

  it('begins anew after a fault when it is asked to finish again', async () => {
    const good = frame('good')
    const spools = [Buffer.from('this is no spool at all'), good]
    const served = [0, 0]
    const open: OpenOutput = (...args) => {
      const which = served[0] === 0 ? 0 : 1
      served[which] = 1
      return provider(spools[which] ?? good).open(...args)
    }
    const { results, faults } = makeResults(open)
    results.follow(ID, LEASE, PROVIDER)
    await expect.poll(() => faults.length).toBe(1)
    await results.finish(ID, LEASE, PROVIDER, { logBytes: good.length, outputs: undefined })
    expect(await readFile(files.spool(ID, LEASE))).toEqual(Buffer.from(good))
  })

  it('stops when the lease is dropped', async () => {
    const { results } = makeResults(provider(frame('x')).open)
    results.follow(ID, LEASE, PROVIDER)
    const finished = results.finish(ID, LEASE, PROVIDER, { logBytes: 1_000, outputs: undefined })
    results.drop(ID, LEASE)
    await expect(finished).rejects.toMatchObject({ code: 'STOPPED' })
  })
})

describe('outputs', () => {
  const fetched = async (_cid: Uint8Array, _from: PeerId, into: string): Promise<void> => {
    await mkdir(join(into, '0'), { recursive: true })
    await writeFile(join(into, '0', 'model.bin'), 'weights')
    await writeFile(join(into, '1'), 'a single file')
  }
  const places = () => [
    { container: '/out', host: join(folder, 'here', 'out'), placed: null },
    { container: '/log.txt', host: join(folder, 'log.txt'), placed: null },
    { container: '/never', host: join(folder, 'never'), placed: null },
  ]
  const finish = (results: NodeResults) => results.finish(ID, LEASE, PROVIDER, { logBytes: 0, outputs: Uint8Array.of(1) })

  it('go where the job asked, folders and files, and leave nothing beside them', async () => {
    await files.write(ID, aFile({ outputs: places() }))
    const { results } = makeResults(provider(new Uint8Array(0)).open, fetched)
    await finish(results)
    expect(await readFile(join(folder, 'here', 'out', 'model.bin'), 'utf8')).toBe('weights')
    expect(await readFile(join(folder, 'log.txt'), 'utf8')).toBe('a single file')
    expect(await readdir(join(folder, 'here'))).toEqual(['out'])
    const placed = (await files.read(ID))?.outputs.map((output) => output.placed)
    expect(placed).toEqual([join(folder, 'here', 'out'), join(folder, 'log.txt'), null])
  })

  it('never overwrite what came to be there meanwhile', async () => {
    await files.write(ID, aFile({ outputs: places() }))
    await writeFile(join(folder, 'log.txt'), 'precious')
    const { results } = makeResults(provider(new Uint8Array(0)).open, fetched)
    await finish(results)
    expect(await readFile(join(folder, 'log.txt'), 'utf8')).toBe('precious')
    expect(await readFile(join(folder, 'log.txt.weft-bbbbbbbb'), 'utf8')).toBe('a single file')
  })

  it('are not fetched again after a crash that came when all were placed', async () => {
    const outputs = [{ container: '/out', host: join(folder, 'out'), placed: join(folder, 'out') }]
    await files.write(ID, aFile({ outputs }))
    let fetches = 0
    const { results } = makeResults(provider(new Uint8Array(0)).open, async () => {
      fetches += 1
    })
    await finish(results)
    expect(fetches).toBe(0)
  })

  it('that cannot be fetched leave nothing behind', async () => {
    await files.write(ID, aFile({ outputs: places() }))
    const { results } = makeResults(provider(new Uint8Array(0)).open, async (_cid, _from, into) => {
      await mkdir(into, { recursive: true })
      throw new Error('the provider is gone')
    })
    await expect(finish(results)).rejects.toThrow('the provider is gone')
    expect(await readdir(join(folder, 'here'))).toEqual([])
  })

  it('replace an empty folder that a person made for them', async () => {
    const target = join(folder, 'empty')
    await mkdir(target)
    await mkdir(join(folder, 'staged'))
    await writeFile(join(folder, 'staged', 'x'), '')
    expect(await place(join(folder, 'staged'), target, 'tag')).toBe(target)
    expect(await readdir(target)).toEqual(['x'])
  })
})

describe('an output request', () => {
  it.each([0, 1, 2 ** 31, 2 ** 32, 2 ** 40 + 17])('carries offset %d', (offset) => {
    expect(decodeRequest(encodeRequest(LEASE, offset))).toEqual({ leaseId: LEASE, offset })
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['another length of id', encodeRequest(leaseId('bb'), 0)],
    ['garbage', Uint8Array.of(255, 255, 255)],
    ['too many bytes', new Uint8Array(65)],
  ])('of %s is refused', (_name, bytes) => {
    expect(() => decodeRequest(bytes)).toThrow()
  })
})
