/** `npm run bench -- audit`: one thread, real Ed25519, a bundle in memory. */
import { parseArgs } from 'node:util'
import { createSigner, createVerifier } from '@weft/node'
import { type AuditLevel, audit, BundleWriter } from '@weft/protocols/core'
import { MemoryStore } from '@weft/protocols/testing'
import { fillStore } from './old-leases.ts'

const NETWORK = 'bench'
const LEVELS: readonly AuditLevel[] = [1, 2, 3]
const HELP = 'usage: npm run bench -- audit [--leases N] [--receipts N] [--json]'

export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      leases: { type: 'string', default: '20' },
      receipts: { type: 'string', default: '500' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const [leases, receipts] = [Number(values.leases), Number(values.receipts)]
  const bundle = await bundleOf(leases, receipts)
  const figures = LEVELS.map((level) => {
    const begun = performance.now()
    const { problems } = audit(bundle, createVerifier(), { level })
    if (problems.length > 0) throw new Error(`the bundle has problems: ${JSON.stringify(problems[0])}`)
    return { level, receiptsPerSecond: Math.round((leases * receipts * 1000) / (performance.now() - begun)) }
  })
  const bytesPerReceipt = Math.round(bundle.length / (leases * receipts))
  if (values.json) console.log(JSON.stringify({ bench: 'audit', leases, receipts, bytesPerReceipt, figures }))
  else {
    console.log(`${leases} leases of ${receipts} receipts, ${bytesPerReceipt} bytes each with its answer`)
    for (const { level, receiptsPerSecond } of figures) console.log(`level ${level}  ${receiptsPerSecond} receipts/s`)
  }
  return 0
}

async function bundleOf(leases: number, receipts: number): Promise<Uint8Array> {
  const provider = createSigner(new Uint8Array(32).fill(9))
  const store = new MemoryStore()
  await fillStore(store, NETWORK, provider, { leases, receipts })
  const writer = new BundleWriter(provider)
  const pieces = [writer.begin({ network: NETWORK, exportedBy: '' })]
  let lease: Uint8Array[] = []
  // Acceptance stands before award in the store.
  for await (const [key, value] of store.list('document/')) {
    lease.push(value)
    if (!key.endsWith('/award')) continue
    pieces.push(...lease.reverse().map((bytes) => writer.envelope(bytes)))
    lease = []
    const id = key.split('/')[1] ?? ''
    for await (const [, bytes] of store.list(`receipt/${id}/`)) pieces.push(writer.envelope(bytes))
  }
  pieces.push(writer.end())
  return Buffer.concat(pieces)
}
