import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const TRAINER = fileURLToPath(new URL('../../src/demo/trainer/train.mjs', import.meta.url))
const PIXELS = 784
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-train-'))
  mkdirSync(join(folder, 'data'))
  writeSet('train', 400)
  writeSet('t10k', 100)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Digits that anyone can tell apart: each lights its own rows, with one moving pixel of noise. */
function writeSet(prefix: string, count: number): void {
  const images = Buffer.alloc(16 + count * PIXELS)
  const labels = Buffer.alloc(8 + count)
  images.writeUInt32BE(0x803, 0)
  images.writeUInt32BE(count, 4)
  images.writeUInt32BE(28, 8)
  images.writeUInt32BE(28, 12)
  labels.writeUInt32BE(0x801, 0)
  labels.writeUInt32BE(count, 4)
  for (let image = 0; image < count; image++) {
    const digit = image % 10
    labels[8 + image] = digit
    images.fill(200, 16 + image * PIXELS + digit * 56, 16 + image * PIXELS + digit * 56 + 28)
    images[16 + image * PIXELS + ((image * 31) % PIXELS)] = 255
  }
  writeFileSync(join(folder, `data/${prefix}-images-idx3-ubyte.gz`), gzipSync(images))
  writeFileSync(join(folder, `data/${prefix}-labels-idx1-ubyte`), labels)
}

function train(...args: string[]): string {
  const paths = ['--data', join(folder, 'data'), '--out', join(folder, 'out')]
  return execFileSync(process.execPath, [TRAINER, ...paths, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

const metrics = () => JSON.parse(readFileSync(join(folder, 'out/metrics.json'), 'utf8'))

describe('the trainer', () => {
  it('learns from plain and gzipped files, says how far it is, and writes weights and metrics', () => {
    const output = train('--hidden', '16', '--epochs', '6', '--batch', '16')
    expect(output).toMatch(/read 400 training and 100 test images\nepoch 1\/6 28% loss /)
    expect(metrics()).toMatchObject({ accuracy: 1, params: { hidden: 16, epochs: 6, batch: 16, seed: 1 } })
    expect(statSync(join(folder, 'out/weights.bin')).size).toBe(4 * (PIXELS * 16 + 16 + 16 * 10 + 10))
  })

  it('guesses no better than chance when it may not learn', () => {
    train('--hidden', '16', '--epochs', '0')
    expect(metrics().accuracy).toBeLessThan(0.5)
  })

  it('gives the same weights for the same seed and others for another', () => {
    const weights = () => readFileSync(join(folder, 'out/weights.bin')).toString('hex')
    train('--hidden', '4', '--epochs', '1')
    const first = weights()
    train('--hidden', '4', '--epochs', '1')
    expect(weights()).toBe(first)
    train('--hidden', '4', '--epochs', '1', '--seed', '2')
    expect(weights()).not.toBe(first)
  })

  it('fails on files that are no IDX files', () => {
    writeFileSync(join(folder, 'data/t10k-labels-idx1-ubyte'), 'labels, honestly')
    expect(() => train('--epochs', '1')).toThrow(/is no IDX file of the expected kind/)
  })
})
