import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// What one more idle provider takes decides how many fit. The goal is 1,536 bytes; this holds what was reached.

const PEERS = 20_000
const BYTES_MAX = 1_660

test('an idle provider, with its share of the models of a market day, takes no more than it did', async () => {
  const script = join(import.meta.dirname, 'idle-peer.ts')
  const args = ['--expose-gc', '--conditions=@weft/source', script, String(PEERS)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { bytes, hosts } = JSON.parse(stdout) as { bytes: number; hosts: number[] }
  expect(hosts).toEqual([1_000, 1_000, 1_000 + PEERS])
  expect(bytes).toBeLessThanOrEqual(BYTES_MAX)
  // Were the hosts not there, it would be far less than a core and its store alone.
  expect(bytes).toBeGreaterThan(1_000)
}, 180_000)
