// Goal: whoever stops reading what weft prints (`| head`, a closed terminal), or has no room for it, sees no stack trace.
// Method: the real program, whose output goes to a pipe that nobody reads, or to a file that takes nothing.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { text } from '../peer/processes.ts'

const WEFT = fileURLToPath(new URL('../../bin/weft.mjs', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-closed-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** `weft config --json`, which needs no daemon, with stdout at `out`; undefined: at a pipe whose reader is gone. */
async function printing(out?: number) {
  const child = spawn(process.execPath, ['--', WEFT, 'config', '--json', '--data', folder], {
    stdio: ['ignore', out ?? 'pipe', 'pipe'],
  })
  child.stdout?.destroy()
  const err = text(child.stderr)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, err: err() }
}

test('a reader that is gone ends the program without a word, as SIGPIPE would', async () => {
  expect(await printing()).toEqual({ code: 141, err: '' })
})

test.skipIf(!existsSync('/dev/full'))('a file that takes no more is named in one sentence', async () => {
  const full = openSync('/dev/full', 'w')
  const { code, err } = await printing(full)
  closeSync(full)
  expect(err).toMatch(/^weft: what it prints cannot be written: .*ENOSPC[^\n]*\n$/)
  expect(code).toBe(74)
})
