import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { kernelProblems } from '../../../.tools/kernels.mjs'

const FOLDER = 'node/src/meter/cuda'
let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weft-kernels-'))
  cpSync(fileURLToPath(new URL(`../../../${FOLDER}`, import.meta.url)), join(root, FOLDER), { recursive: true })
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function replace(file: string, from: string, to: string): void {
  const path = join(root, FOLDER, file)
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
}

it('finds nothing wrong with the committed kernels, without a compiler', () => expect(kernelProblems(root)).toEqual([]))

it('sees that a source was changed and not compiled', () => {
  replace('kernels.cu', '0x85ebca6b', '0x85ebca6c')
  expect(kernelProblems(root)).toEqual([expect.stringContaining('is not what node/src/meter/cuda/kernels.cu gives')])
})

it('sees that what was compiled was changed by hand', () => {
  replace('generated/kernels.ts', 'xor.b32', 'and.b32')
  expect(kernelProblems(root)).toEqual([expect.stringContaining('changed by hand')])
})
