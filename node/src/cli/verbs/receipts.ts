import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ReceiptView } from '@weft/protocols/core'
import { EXIT, usage } from '../exit.ts'
import { formatDuration, formatMoney } from '../parse/values.ts'
import { shortId, shortPeer, table } from '../render/table.ts'
import { type Context, print, say, type Verb } from '../verb.ts'

/** `weft receipts`, `weft receipts export [FILE]`. */
export const verb: Verb = {
  define: (command) => {
    command
      .argument('[action]', 'export: write a bundle that weft audit checks')
      .argument('[file]', 'where to; - or none: stdout')
      .option('-o, --output <file>', 'the same as FILE')
  },
  async run(context, [action, file], options) {
    if (action === undefined) return list(context)
    if (action !== 'export') throw usage(`weft receipts knows only "export", not "${action}"`)
    return exportBundle(context, file ?? (typeof options['output'] === 'string' ? options['output'] : '-'))
  },
}

async function list(context: Context): Promise<number> {
  const { body } = await context.client.get<ReceiptView[]>('/v1/receipts')
  print(context, body, () => {
    if (body.length === 0) return 'no receipts'
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

async function exportBundle(context: Context, file: string): Promise<number> {
  if (file === '-') {
    if ('isTTY' in context.terminal.out && context.terminal.out.isTTY === true) {
      throw usage('a bundle is no text for a terminal; give a file: weft receipts export receipts.weft')
    }
    for await (const bytes of await context.client.stream('/v1/receipts/export')) context.terminal.out.write(bytes as Uint8Array)
    return EXIT.done
  }
  const path = resolve(context.cwd, file)
  if (existsSync(path)) throw usage(`${path} exists already; choose another name`)
  const source = await context.client.stream('/v1/receipts/export')
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
