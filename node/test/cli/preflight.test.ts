// Goal: what is wrong with the machine or the settings is said before anything is made on disk, in front and in the background.
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { initHome } from '../../src/home/index.ts'
import { runWeft, TestMesh } from '../peer/processes.ts'
import { weft } from './capture.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-preflight-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const LOCAL = '/ip4/127.0.0.1/tcp/0'
const PEER = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo'
const WHERE = 'use /ip4/ADDRESS/tcp/PORT or /ip4/ADDRESS/tcp/PORT/ws'
const WHOM = 'use /ip4/ADDRESS/tcp/PORT/p2p/PEER, as weft status shows it on that peer'

const CASES: [string, string[], string | RegExp][] = [
  [
    'an engine that does not answer',
    ['--provide', '--engine', 'unix:///nowhere/e.sock'],
    /^this machine cannot lend: .*--engine/,
  ],
  ['UDP', ['--listen', '/ip4/127.0.0.1/udp/99'], `--listen /ip4/127.0.0.1/udp/99: ${WHERE}`],
  ['QUIC', ['--listen', '/ip4/127.0.0.1/udp/99/quic-v1'], `--listen /ip4/127.0.0.1/udp/99/quic-v1: ${WHERE}`],
  ['an address that is none', ['--listen', '/ip4/here/tcp/1'], `--listen /ip4/here/tcp/1: ${WHERE}`],
  ['an address of no machine here', ['--listen', '/ip4/203.0.113.7/tcp/4170'], /^--listen .*: this machine has no such address/],
  ['nobody to join', ['--bootstrap', '/ip4/127.0.0.1/tcp/4170'], `--bootstrap /ip4/127.0.0.1/tcp/4170: ${WHOM}`],
  ['nowhere to join', ['--bootstrap', `/p2p/${PEER}`], `--bootstrap /p2p/${PEER}: ${WHOM}`],
  ['a price that is none', ['--cpu-price', 'abc'], /^--cpu-price must be an amount such as 0\.40/],
  ['the same by its other name', ['--price-cpu-hour=abc'], /^--price-cpu-hour must be an amount/],
  ['metrics that are nowhere', ['--metrics', 'somewhere'], /^--metrics must be off, a port of this machine/],
]

describe('weft up', () => {
  for (const [name, words, sentence] of CASES) {
    it.each([['in front'], ['in the background', '-d']])(
      `refuses ${name} in one sentence and makes nothing, %s`,
      async (_how, ...more) => {
        const home = join(folder, 'home')
        const listen = words.includes('--listen') ? [] : ['--listen', LOCAL]
        const { code, out, err } = await weft('up', '--data', home, '--no-mdns', ...listen, ...words, ...more)
        expect({ code, out, err }).toEqual({ code: 64, out: '', err: expect.stringMatching(/^weft: [^\n]+\n$/) })
        const said = err.slice('weft: '.length, -1)
        if (typeof sentence === 'string') expect(said).toBe(sentence)
        else expect(said).toMatch(sentence)
        expect(existsSync(home)).toBe(false)
      },
    )
  }

  it.each<[string, (port: number) => string[]]>([
    ['peers', (port) => ['--listen', `/ip4/127.0.0.1/tcp/${port}`]],
    ['metrics', (port) => ['--listen', LOCAL, '--metrics', `${port}`]],
  ])('refuses a port for %s that is in use, and leaves a folder that is there as it was', async (_name, flags) => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const { port } = server.address() as AddressInfo
      await initHome(join(folder, 'old'))
      const before = readdirSync(join(folder, 'old'))
      for (const home of ['new', 'old']) {
        for (const more of [[], ['-d']]) {
          const answer = await weft('up', '--data', join(folder, home), '--no-mdns', ...flags(port), ...more)
          expect(answer).toMatchObject({
            code: 64,
            err: expect.stringMatching(/another program listens there already; choose another with --(listen|metrics)/),
          })
        }
      }
      expect(readdirSync(folder)).toEqual(['old'])
      expect(readdirSync(join(folder, 'old'))).toEqual(before)
    } finally {
      server.close()
    }
  })

  it('refuses a peer for one job that could join nobody, and makes nothing', async () => {
    const home = join(folder, 'home')
    const answer = await weft('run', '--data', home, '-y', '--max-price', '1', '--bootstrap', '/ip4/127.0.0.1/tcp/1', 'busybox')
    expect(answer).toMatchObject({ code: 64, err: expect.stringContaining(WHOM) })
    expect(existsSync(home)).toBe(false)
  })
})

describe('a daemon', () => {
  let mesh: TestMesh
  beforeEach(async () => {
    mesh = await TestMesh.create()
  })
  afterEach(() => mesh.stop())

  it('serves its metrics where it is told, and nothing else there', async () => {
    const { metrics: url } = await mesh.up('one', '--metrics', '0')
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
    const answer = await fetch(url ?? '')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toContain('version=0.0.4')
    expect(await answer.text()).toContain('weft_connections')
    expect((await fetch(new URL('/v1/status', url ?? ''))).status).toBe(404)
    expect((await fetch(url ?? '', { method: 'POST', body: 'x' })).status).toBe(404)
  })

  it('starts in the background, is refused a second time with the command that ends it, and ends', async () => {
    const home = join(mesh.folder, 'one')
    const flags = [...mesh.flags('one'), '--listen', LOCAL]
    const up = await runWeft(['up', '-d', '--json', ...flags])
    expect({ code: up.code, document: JSON.parse(up.out) }).toMatchObject({ code: 0, document: { ready: true } })
    try {
      for (const more of [[], ['-d']]) {
        const second = await runWeft(['up', ...flags, ...more])
        const sentence = expect.stringMatching(
          `a peer already runs on ${home} \\(process \\d+\\); stop it with: weft down --data ${home}`,
        )
        expect(second).toMatchObject({ code: 64, err: sentence })
      }
    } finally {
      expect(await runWeft(['down', '--data', home])).toMatchObject({ code: 0, out: 'stopped\n' })
    }
  })
})
