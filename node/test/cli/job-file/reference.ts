import { FIELDS, type Field, LATER } from '../../../src/cli/job-file/fields.ts'

/** A list's item as people write it: `inputs[].from`. */
const shown = (name: string): string => `\`${name.replace(/^(inputs|outputs)\./, '$1[].')}\``
const cell = (text: string): string => text.replaceAll('|', '\\|')
const code = (text: string | undefined): string => (text === undefined || text === '' ? '' : `\`${text}\``)

/** The tables of JOBFILE.md. */
export function referenceTables(): { fields: string; later: string } {
  const fields = Object.entries(FIELDS as Readonly<Record<string, Field>>).map(
    ([name, { about, flag, example, ...rest }]) =>
      `| ${shown(name)} | ${cell(about)} | ${cell(rest.default)} | ${code(flag)} | ${code(example)} |`,
  )
  const later = Object.entries(LATER).map(([name, { instead, today = [] }]) => {
    const only = today.length === 0 ? '' : `only ${today.map(code).join(', ')}`
    return `| ${shown(name)} | ${only} | ${cell(instead)} |`
  })
  return {
    fields: ['| field | what it says | left out | flag | such as |', '|---|---|---|---|---|', ...fields].join('\n'),
    later: ['| field | may be written | meanwhile |', '|---|---|---|', ...later].join('\n'),
  }
}
