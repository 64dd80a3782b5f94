import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
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
