import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { EXIT, usage } from '../exit.ts'
import { formatMoney } from '../parse/values.ts'
import { clean, shortId } from '../render/table.ts'
import { print, type Verb } from '../verb.ts'

/** `weft audit BUNDLE`: needs no daemon, no identity and no network. Exits with 0 only where there is no problem. */
export const verb: Verb = {
  define: (command) => {
    command.argument('<bundle>', 'a file that weft receipts export wrote')
  },
  async run(context, [file = '']) {
    const path = resolve(context.cwd, file)
    const bundle = await readFile(path).catch(() => {
      throw usage(`${path} cannot be read; give a file that weft receipts export wrote`)
    })
    const [{ audit }, { createVerifier }] = await Promise.all([import('@weft/protocols/core'), import('../../signer.ts')])
    const report = audit(bundle, createVerifier())
    print(context, report, () => {
      const head = `${report.leases} leases, ${report.receipts} receipts, ${report.countersigned} countersigned, ${formatMoney(report.amount)} in all`
      const problems = report.problems.map(
        ({ leaseId, seq, code, text }) => `${shortId(leaseId)}${seq === null ? '' : ` #${seq}`} ${clean(code)}: ${clean(text)}`,
      )
      return [head, ...(problems.length === 0 ? ['no problems'] : problems)].join('\n')
    })
    return report.problems.length === 0 ? EXIT.done : EXIT.failed
  },
}
