/** `npm run bench -- old-leases`: the real daemon and command line over a store that was filled before. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createSigner, openLevelStore } from '@weft/node'
import { Processes } from '../mesh/processes.ts'
import { fillStore } from './old-leases.ts'

const LIMIT_MS = 600_000
const HELP = 'usage: npm run bench -- old-leases [--leases N] [--receipts N] [--json]'

export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      leases: { type: 'string', default: '10000' },
      receipts: { type: 'string', default: '5' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const folder = await mkdtemp(join(tmpdir(), 'weft-old-'))
  const processes = new Processes(folder, {})
  try {
    const size = { leases: Number(values.leases), receipts: Number(values.receipts) }
    const figures = await measure(processes, folder, size)
    if (values.json) console.log(JSON.stringify({ bench: 'old-leases', ...size, ...figures }))
    else for (const [name, ms] of Object.entries(figures)) console.log(`${name.padEnd(16)}${ms} ms`)
    return 0
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Each from typing the command to its end; `startMs` from `weft up -d` to a daemon that answers. */
async function measure(processes: Processes, folder: string, size: { leases: number; receipts: number }) {
  const signal = AbortSignal.timeout(LIMIT_MS)
  const home = join(folder, 'p')
  const network = `bench-${process.pid}`
  const flags = ['--data', home, '--network', network, '--no-mdns']
  const timed = async (...words: string[]): Promise<number> => {
    const begun = performance.now()
    await processes.json([...words, ...flags], { signal })
    return Math.round(performance.now() - begun)
  }
  await timed('init')
  const store = await openLevelStore(join(home, 'store'))
  await fillStore(store, network, createSigner(new Uint8Array(32).fill(9)), size)
  await store.close()
  const up = ['up', '-d', '--provide', '--unsafe-process-engine', '--listen', '/ip4/127.0.0.1/tcp/0']
  const startMs = await timed(...up)
  try {
    return {
      startMs,
      leasesMs: await timed('leases'),
      receiptsMs: await timed('receipts'),
      earningsMs: await timed('earnings', '--by', 'peer'),
      exportMs: await timed('receipts', 'export', join(folder, 'all.weft')),
    }
  } finally {
    await timed('down')
  }
}
