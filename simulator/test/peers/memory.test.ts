import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// What one more idle provider takes decides how many fit.

const PEERS = 20_000
const BYTES_MAX = 1_536

test('an idle provider, with its share of the models of a market day, takes at most 1,536 bytes', async () => {
  const script = join(import.meta.dirname, 'idle-peer.ts')
  const args = ['--expose-gc', '--conditions=@weft/source', script, String(PEERS)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { bytes, hosts } = JSON.parse(stdout) as { bytes: number; hosts: number[] }
  expect(hosts).toEqual([1_000, 1_000, 1_000 + PEERS])
  expect(bytes).toBeLessThanOrEqual(BYTES_MAX)
  // All of them are up: each gave its host when it was asked for it, afterwards. Without any peer it would be less than this.
  expect(bytes).toBeGreaterThan(1_000)
}, 180_000)
