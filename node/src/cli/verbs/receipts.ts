import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ReceiptView } from '@weft/protocols/core'
import { EXIT, usage } from '../exit.ts'
import { formatDuration, formatMoney, parseCount } from '../parse/values.ts'
import { parseDay } from '../render/earnings.ts'
import { shortId, shortPeer, table } from '../render/table.ts'
import { type Context, print, say, type Verb } from '../verb.ts'

const LIMIT_MAX = 100_000

/** `weft receipts`, `weft receipts export [FILE]`. */
export const verb: Verb = {
  define: (command) => {
    command
      .argument('[action]', 'export: write a bundle that weft audit checks')
      .argument('[file]', 'where to; - or none: stdout')
      .option('-o, --output <file>', 'the same as FILE')
      .option('--lease <id>', 'only of this lease: its id, or the beginning of it')
      .option('--since <day>', 'export only leases on which something was agreed from this day on (2026-11-01, UTC, or 7d)')
      .option('--limit <n>', 'list at most so many', '1000')
  },
  async run(context, [action, file], options) {
    if (action === undefined) return list(context, options)
    if (action !== 'export') throw usage(`weft receipts knows only "export", not "${action}"`)
    const query = new URLSearchParams({ lease: leaseOf(options) })
    if (typeof options['since'] === 'string') query.set('since', parseDay('--since', options['since'], Date.now()))
    const target = file ?? (typeof options['output'] === 'string' ? options['output'] : '-')
    return exportBundle(context, `/v1/receipts/export?${query}`, target)
  },
}

/** The beginning of lease ids; empty: all. */
function leaseOf(options: Record<string, unknown>): string {
  const lease = typeof options['lease'] === 'string' ? options['lease'] : ''
  if (!/^[0-9a-f]{0,64}$/.test(lease)) throw usage('--lease takes the beginning of a lease id: digits and a to f')
  return lease
}

async function list(context: Context, options: Record<string, unknown>): Promise<number> {
  const limit = parseCount('--limit', String(options['limit']), LIMIT_MAX)
  if (limit === 0) throw usage('--limit takes a number from 1')
  const query = new URLSearchParams({ lease: leaseOf(options), limit: String(limit) })
  const { body } = await context.client.get<ReceiptView[]>(`/v1/receipts?${query}`)
  if (body.length === limit) say(context, `these are the first ${limit}; --lease and --limit show others`)
  print(context, body, () => {
    if (body.length === 0) return 'no receipts yet: every lease brings some'
    const rows = body.map((receipt) => [
      shortId(receipt.leaseId),
      String(receipt.seq),
      receipt.kind,
      receipt.role,
      shortPeer(receipt.counterparty),
      formatDuration(receipt.runMs),
      `${formatMoney(receipt.amount)} ${receipt.currency}`,
      receipt.countersigned ? 'yes' : 'no',
    ])
    return table(['LEASE', 'SEQ', 'KIND', 'AS', 'WITH', 'RAN', 'AMOUNT', 'COUNTERSIGNED'], rows)
  })
  return EXIT.done
}

async function exportBundle(context: Context, from: string, file: string): Promise<number> {
  if (file === '-') {
    if ('isTTY' in context.terminal.out && context.terminal.out.isTTY === true) {
      throw usage('a bundle is no text for a terminal; give a file: weft receipts export receipts.weft')
    }
    for await (const bytes of await context.client.stream(from)) context.terminal.out.write(bytes as Uint8Array)
    return EXIT.done
  }
  const path = resolve(context.cwd, file)
  if (existsSync(path)) throw usage(`${path} exists already; choose another name`)
  const source = await context.client.stream(from)
  const partial = `${path}.partial`
  try {
    await pipeline(source, createWriteStream(partial, { mode: 0o600 }))
    await rename(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
  if (context.flags.json) print(context, { file: path }, () => '')
  else say(context, `wrote ${path}; anybody can check it with weft audit`)
  return EXIT.done
}
