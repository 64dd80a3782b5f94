import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { codeOf } from '@weft/protocols'
import { type Pack, pack } from 'tar-stream'
import { expect, it } from 'vitest'
import { withoutNames } from '../../src/executor/image-archive.ts'

const PIECE = 64 * 1024

it('passes a large layer on without leaving listeners behind', async () => {
  const warnings: Error[] = []
  const warn = (warning: Error): void => void warnings.push(warning)
  process.on('warning', warn)
  try {
    const layer = Buffer.alloc(4 * 1024 * 1024, 7)
    const archive = pack()
    archive.entry({ name: 'layer.tar' }, layer)
    archive.entry({ name: 'manifest.json' }, '[{"RepoTags":["python:3"]}]')
    archive.finalize()
    const whole = await buffer(archive)
    const pieces = Array.from({ length: Math.ceil(whole.length / PIECE) }, (_, i) => whole.subarray(i * PIECE, (i + 1) * PIECE))
    const out = await buffer(withoutNames(Readable.from(pieces)))
    expect(out.includes('python:3')).toBe(false)
    expect(out.indexOf(layer)).toBeGreaterThan(0)
    // Warnings are told in the next turn.
    await new Promise(setImmediate)
    expect(warnings.map(({ name }) => name)).toEqual([])
  } finally {
    process.off('warning', warn)
  }
})

const MANIFEST = '[{"RepoTags":["python:3"]}]'

async function passed(fill: (archive: Pack) => void): Promise<string> {
  const archive = pack()
  fill(archive)
  archive.finalize()
  return buffer(withoutNames(Readable.from([await buffer(archive)]))).then(
    (out) => (out.includes('python:3') ? 'with its name' : 'without'),
    (error: unknown) => codeOf(error),
  )
}

it.each(['./manifest.json', './/manifest.json', 'x/../manifest.json'])('takes the names out of %s as well', async (name) => {
  expect(await passed((archive) => archive.entry({ name }, MANIFEST))).toBe('without')
})

it.each(['/manifest.json', '../manifest.json', 'x/../../manifest.json'])('refuses %s', async (name) => {
  expect(await passed((archive) => archive.entry({ name }, MANIFEST))).toBe('BAD_IMAGE')
})

it('refuses what lies behind a link', async () => {
  const fill = (archive: Pack): void => {
    archive.entry({ name: 'here/', type: 'symlink', linkname: '.' })
    archive.entry({ name: 'here/x/manifest.json' }, MANIFEST)
  }
  expect(await passed(fill)).toBe('BAD_IMAGE')
})

it('lets no extended header name an entry anew', async () => {
  const pax = { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 'manifest.json' }
  const archive = pack()
  archive.entry({ name: 'layer.tar', pax }, 'x')
  archive.finalize()
  const out = await buffer(withoutNames(Readable.from([await buffer(archive)])))
  expect(out.includes('manifest.json')).toBe(false)
})

it('refuses an archive of several images', async () => {
  expect(await passed((archive) => archive.entry({ name: 'manifest.json' }, '[{},{}]'))).toBe('BAD_IMAGE')
})
