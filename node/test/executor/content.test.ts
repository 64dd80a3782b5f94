import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peerId } from '@weft/protocols'
import { expect, test } from 'vitest'
import { createContent } from '../../src/content/index.ts'
import { ProcessEngine } from '../../src/executor/process-engine.ts'
import { anOutput, scene } from './fixture.ts'

const LIMITS = { bytesMax: 64 * 1024 * 1024 }
const SELF = peerId('self')

test('inputs come out of the content store and outputs go into it, folders and long files alike', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-content-test-'))
  const channels = { open: () => Promise.reject(new Error('everything is here')), handle() {}, disconnect() {} }
  const content = await createContent({ folder: join(folder, 'store'), network: 'test', channels })
  const made = await scene(new ProcessEngine({ unsafeProcessEngine: true, folder }), { content })
  try {
    await mkdir(join(folder, 'in/sub'), { recursive: true })
    await writeFile(join(folder, 'in/sub/a'), 'in a folder')
    await writeFile(join(folder, 'long'), Buffer.alloc(3_000_000, 'x'))
    const tree = await content.packTree([{ name: 'sub', path: join(folder, 'in/sub') }], LIMITS)
    const long = await content.packFile(join(folder, 'long'), LIMITS)
    const script =
      "const fs = require('fs'); fs.mkdirSync('/out/d'); fs.writeFileSync('/out/d/r', fs.readFileSync('/in/sub/a') + ' ' + fs.statSync('/long').size)"
    const work = made.work(['-e', script], {
      inputs: [
        { path: '/in', cid: tree.cid, readOnly: true, bytes: tree.bytes },
        { path: '/long', cid: long.cid, readOnly: true, bytes: long.bytes },
      ],
      outputs: [anOutput('/out')],
    })
    expect((await made.run(work)).exit.exitCode).toBe(0)
    const { outputs, outputBytes } = await made.runner.collect(work.leaseId)
    expect(outputBytes).toBe('in a folder 3000000'.length)
    await content.fetchTree(SELF, [], outputs ?? new Uint8Array(0), join(folder, 'back'), LIMITS)
    expect(await readFile(join(folder, 'back/0/d/r'), 'utf8')).toBe('in a folder 3000000')
  } finally {
    await made.close()
    await rm(folder, { recursive: true, force: true })
  }
})
