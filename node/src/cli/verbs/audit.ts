import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import type { AuditedLease, AuditLevel, AuditReport } from '@weft/protocols/core'
import { EXIT, usage } from '../exit.ts'
import { formatDuration, formatMoney, parseCount } from '../parse/values.ts'
import { clean, shortId, shortPeer, table } from '../render/table.ts'
import { print, type Verb } from '../verb.ts'

const PIECE_BYTES = 256 * 1024
/** Leases that are shown without `--all`; those with problems come first. */
const LEASES_SHOWN = 50

/** `weft audit BUNDLE…`: needs no daemon, no identity and no network. Exits with 0 only where there is no problem. */
export const verb: Verb = {
  define: (command) => {
    command
      .argument('<bundle...>', 'files that weft receipts export wrote; several are compared with each other')
      .option('--level <n>', '1: what is owed; 2: whole chains too; 3: prices, ceilings, terms and netting too', '3')
      .option('-a, --all', `every lease, not only the first ${LEASES_SHOWN}`)
  },
  async run(context, files, options) {
    const level = levelOf(String(options['level']))
    const paths = files.map((file) => resolve(context.cwd, file))
    const begun = performance.now()
    const report = await auditFiles(paths, level)
    const elapsedMs = Math.max(1, Math.round(performance.now() - begun))
    const receiptsPerSecond = Math.round((report.receipts * 1000) / elapsedMs)
    print(context, { ...report, elapsedMs, receiptsPerSecond }, () => text(report, options['all'] === true))
    return report.problems.length === 0 ? EXIT.done : EXIT.failed
  },
}

function levelOf(text: string): AuditLevel {
  const level = parseCount('--level', text, 3)
  if (level === 0) throw usage('--level takes 1, 2 or 3')
  return level as AuditLevel
}

async function auditFiles(paths: readonly string[], level: AuditLevel): Promise<AuditReport> {
  const [{ Auditor, auditTogether }, { createVerifier }] = await Promise.all([
    import('@weft/protocols/core'),
    import('../../signer.ts'),
  ])
  const verifier = createVerifier()
  const [only = ''] = paths
  if (paths.length === 1) return (await feed(new Auditor(verifier, { level }), only)).end().report
  const passes = auditTogether(paths.length, verifier, { level })
  let pass = passes.next()
  while (pass.done !== true) {
    const { auditor, bundle } = pass.value
    pass = passes.next((await feed(auditor, paths[bundle] ?? '')).end())
  }
  return pass.value
}

/** A file is read piece by piece: a bundle may be larger than memory. */
async function feed<Auditor extends { push(piece: Uint8Array): void }>(auditor: Auditor, path: string): Promise<Auditor> {
  const pieces = createReadStream(path, { highWaterMark: PIECE_BYTES })
  pieces.on('error', () => undefined)
  const opened = new Promise<void>((done, fail) => pieces.once('open', () => done()).once('error', fail))
  await opened.catch(() => {
    throw usage(`${path} cannot be read; give a file that weft receipts export wrote`)
  })
  for await (const piece of pieces) auditor.push(piece as Uint8Array)
  return auditor
}

function text(report: AuditReport, all: boolean): string {
  const { leases, receipts, countersigned, problems, problemsOmitted, agreement } = report
  const lines = [`${leases} leases, ${receipts} receipts, ${countersigned} countersigned; level ${report.level}`]
  if (leases > 0) lines.push('', leaseTable(report.perLease, all))
  if (report.totals.length > 0) lines.push('', totalsTable(report))
  if (report.statements.length > 0) lines.push('', statementsTable(report))
  if (agreement !== undefined) {
    lines.push('', `${agreement.leases} leases are in both parties' bundles; one side is behind on ${agreement.behind.length}`)
    for (const { currency, earned, spent } of agreement.money)
      lines.push(`earned ${formatMoney(earned)} ${clean(currency)}, spent ${formatMoney(spent)} ${clean(currency)}`)
  }
  lines.push('')
  for (const { leaseId, seq, code, text: sentence } of problems) {
    const where = leaseId === '' ? 'bundle' : `lease ${shortId(leaseId)}${seq === null ? '' : ` #${seq}`}`
    lines.push(`${where} ${clean(code)}: ${clean(sentence)}`)
  }
  if (problemsOmitted > 0) lines.push(`and ${problemsOmitted} problems more`)
  if (problems.length === 0) lines.push('no problems')
  return lines.join('\n')
}

function leaseTable(leases: readonly AuditedLease[], all: boolean): string {
  const sorted = [...leases.filter(({ problem }) => problem !== null), ...leases.filter(({ problem }) => problem === null)]
  const shown = all ? sorted : sorted.slice(0, LEASES_SHOWN)
  const rows = shown.map((lease) => [
    shortId(lease.leaseId),
    lease.problem ?? 'ok',
    String(lease.seq),
    `${formatMoney(lease.amount)} ${lease.currency}`,
    formatDuration(lease.runMs),
    shortPeer(lease.provider),
    shortPeer(lease.renter),
  ])
  const rest = sorted.length - shown.length
  const head = ['LEASE', 'VERDICT', 'SEQ', 'AMOUNT', 'RAN', 'PROVIDER', 'RENTER']
  return table(head, rows) + (rest > 0 ? `\nand ${rest} more (--all shows them)` : '')
}

function totalsTable({ totals }: AuditReport): string {
  const rows = totals.map(({ renter, provider, leases, amount, currency }) => [
    shortPeer(renter),
    shortPeer(provider),
    String(leases),
    `${formatMoney(amount)} ${currency}`,
  ])
  return table(['RENTER OWES', 'TO PROVIDER', 'LEASES', 'AMOUNT'], rows)
}

function statementsTable({ statements }: AuditReport): string {
  const rows = statements.map(({ low, high, number, problem, leases, net, currency, creditor, reference }) => [
    shortPeer(low),
    shortPeer(high),
    String(number),
    problem ?? 'ok',
    String(leases),
    creditor === null ? 'nothing' : `${formatMoney(net)} ${currency} to ${shortPeer(creditor)}`,
    reference ?? '',
  ])
  return table(['STATEMENT OF', 'AND', 'NO', 'VERDICT', 'LEASES', 'OWED', 'PAID BY'], rows)
}
