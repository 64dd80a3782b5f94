import type { OfferView } from '@weft/protocols/core'
import { CLASSES } from '@weft/protocols/wire'
import type { StatusView } from '../../api/views.ts'
import { GROUPINGS, type Grouping, grouped, parseSort, sorted } from '../../offers/arrange.ts'
import { FIELDS } from '../../offers/fields.ts'
import { parseQuery, select, type Term } from '../../offers/query.ts'
import { EXIT, usage } from '../exit.ts'
import { footer, groupsTable, offersTable, whyTable } from '../render/offers.ts'
import { shortPeer } from '../render/table.ts'
import { print, say, type Verb } from '../verb.ts'

const WAIT_MS = 1_500
/** What the flags are short for. */
const SHORTHANDS = { class: 'class>=', gpus: 'count>=', vram: 'vram>=', region: 'region=' } as const

const HELP = `
A query is terms with blanks between them, all of which an offer must meet:
  vram>=24 count>=2 price<0.5 region=eu,us model~a100
Operators: >= > <= < = != and ~ (contains); several values with commas between them: one has to do.
A field alone asks whether it is known. Terms about GPUs are about one kind of GPU. Quote the query: shells read < and >.
Fields:
${Object.entries(FIELDS)
  .map(([name, { help }]) => `  ${name.padEnd(14)} ${help}`)
  .join('\n')}`

/** `weft offers [query]`: cheapest first. */
export const verb: Verb = {
  define: (command) => {
    command
      .argument('[query...]', "what an offer must have, such as 'vram>=24 price<0.5'")
      .option('--class <class>', `at least this class: ${CLASSES.join(', ')}`)
      .option('--gpus <count>', 'at least so many GPUs of one kind')
      .option('--vram <size>', 'each with at least so much memory, 24 or 24g')
      .option('--region <region>', 'only there')
      .option('--sort <fields>', 'by these fields, such as price,-vram; a - puts the largest first')
      .option('--group-by <what>', `one line for each ${GROUPINGS.join(', ')}`)
      .option('--why', 'how many offers each term rules out')
      .option('--mine', 'only what this peer offers')
      .addHelpText('after', HELP)
  },
  async run(context, args, options) {
    const text = (key: string): string | undefined => (typeof options[key] === 'string' ? options[key] : undefined)
    const terms = [...shorthands(text), ...parseQuery(args.join(' '))]
    const by = groupingOf(text('groupBy'))
    const keys = parseSort(text('sort') ?? (terms.some(({ field }) => field.scope === 'gpu') ? 'price' : 'machine-price'))
    const shelf = text('class') ?? 'cpu'
    const { body } = await context.client.get<OfferView[]>(`/v1/offers?class=${shelf}&waitMs=${WAIT_MS}`)
    const { body: self } = await context.client.get<StatusView>('/v1/status')
    const mine = options['mine'] === true
    const selection = select(
      terms,
      // Who lends nothing now announces that it has no core.
      body.filter(({ peerId, cpus }) => (mine ? peerId === self.peerId : cpus > 0)),
    )
    const matching = sorted(selection.matching, keys)
    if (options['why'] === true) {
      print(context, { ...selection, matching: matching.length }, () => whyTable(selection))
      return EXIT.done
    }
    if (by === undefined) {
      const offers = matching.map(({ offer }) => offer)
      print(context, offers, () => offersTable(offers, { known: selection.known, width: context.terminal.width }))
    } else {
      const groups = grouped(matching, by)
      print(context, groups, () => groupsTable(groups, by))
    }
    if (context.flags.json) return EXIT.done
    if (selection.ruledOut.length > 0) say(context, footer(selection))
    if (!mine && matching.some(({ offer }) => offer.peerId === self.peerId))
      say(context, `${shortPeer(self.peerId)} is this peer, and does not hire itself`)
    return EXIT.done
  },
}

function shorthands(text: (key: string) => string | undefined): Term[] {
  return Object.entries(SHORTHANDS).flatMap(([flag, begin]) => {
    const value = text(flag)
    if (value === undefined) return []
    try {
      return parseQuery(`${begin}"${value.replaceAll('"', '')}"`)
    } catch (error) {
      throw usage(
        `--${flag}: ${error instanceof Error ? error.message.replace(/^column \d+ of the query: /, '') : String(error)}`,
      )
    }
  })
}

function groupingOf(text: string | undefined): Grouping | undefined {
  const by = GROUPINGS.find((known) => known === text)
  if (text !== undefined && by === undefined) throw usage(`--group-by takes one of ${GROUPINGS.join(', ')}, not "${text}"`)
  return by
}
