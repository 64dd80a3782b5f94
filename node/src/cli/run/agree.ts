import { CliError, EXIT, usage } from '../exit.ts'
import { formatDuration, formatMoney, parseMoney } from '../parse/values.ts'
import { explainLines } from '../render/explain.ts'
import { offersTable } from '../render/offers.ts'
import { type Context, say } from '../verb.ts'
import { ask, confirm } from './ask.ts'
import { DEFAULT_CURRENCY, wantsOf } from './demand.ts'
import { possibleLoss, type RunRequest, totalCap } from './flags.ts'
import { explain } from './look.ts'

const OFFERS_SHOWN = 10

export interface Limits {
  maxPricePerHour: bigint
  maxTotal: bigint
  currency: string
}

/** A script cannot be asked, so it must say everything: checked before anything is started or looked up. */
export function demandLimits(request: RunRequest, interactive: boolean): void {
  if (request.maxPricePerHour !== undefined && (request.yes || interactive)) return
  const behind = request.submission.command.find((word) => /^(-y|--yes|--max-price(=.*)?)$/.test(word))
  if (behind !== undefined)
    throw usage(
      `${behind} stands behind the image, so it belongs to the container's command; put it before ${request.submission.image}`,
    )
  if (request.yes) throw usage('-y agrees to a price, so it needs one: add --max-price AMOUNT, the highest price per hour')
  if (interactive) return
  if (request.priceFrom !== undefined)
    throw usage(`without a terminal to ask on, weft run needs -y, which agrees to the price of ${request.priceFrom}`)
  throw usage('without a terminal to ask on, weft run needs -y and --max-price AMOUNT, the highest price per hour')
}

/** The highest price and the cap of the whole job, asked for on the terminal where flags leave them open. */
export async function agreeOnLimits(context: Context, request: RunRequest): Promise<Limits> {
  const given = request.maxPricePerHour
  if (given !== undefined) {
    const maxTotal = request.maxTotal ?? totalCap(given, request.submission.maxRunMs)
    const limits = { maxPricePerHour: given, maxTotal, currency: request.currency ?? DEFAULT_CURRENCY }
    await agreeOnLoss(context, request, limits)
    // Somebody else may have written the file.
    if (request.priceFrom !== undefined && !request.yes) await askConsent(questionOf(limits, ` (${request.priceFrom})`))
    return limits
  }
  const wants = wantsOf(request.submission, { currency: request.currency, maxPricePerHour: undefined })
  const { offers, explained } = await explain(context, wants)
  const [cheapest] = explained.providers
  if (cheapest === undefined || cheapest.fails.length > 0) {
    for (const line of explainLines(explained)) say(context, line)
    throw new CliError(
      EXIT.noOffers,
      'NO_OFFERS',
      'nothing fits; see weft offers, or name a price with --max-price to wait for one',
    )
  }
  const fitting = explained.providers.filter(({ fails }) => fails.length === 0).slice(0, OFFERS_SHOWN)
  const shown = fitting.flatMap(({ peerId }) => offers.find((offer) => offer.peerId === peerId) ?? [])
  say(context, offersTable(shown, { width: context.terminal.width }))
  const suggested = BigInt(cheapest.pricePerHour)
  const maxPricePerHour = await askPrice(context, suggested, cheapest.currency)
  const maxTotal = request.maxTotal ?? totalCap(maxPricePerHour, request.submission.maxRunMs)
  const limits = { maxPricePerHour, maxTotal, currency: cheapest.currency }
  await agreeOnLoss(context, request, limits)
  await askConsent(questionOf(limits))
  return limits
}

const questionOf = ({ maxPricePerHour, maxTotal, currency }: Limits, from = ''): string =>
  `Pay at most ${formatMoney(maxPricePerHour)} ${currency}/h and ${formatMoney(maxTotal)} ${currency} in all${from}?`

/** What --away may cost if the provider cheats is said before it is signed; a script must have named a total that covers it. */
async function agreeOnLoss(
  context: Context,
  request: RunRequest,
  { maxPricePerHour, maxTotal, currency }: Limits,
): Promise<void> {
  const { awayMs } = request.submission
  if (awayMs === 0) return
  const loss = possibleLoss(maxPricePerHour, awayMs)
  const text = `${formatMoney(loss < maxTotal ? loss : maxTotal)} ${currency}`
  const sentence = `--away ${formatDuration(awayMs)}: you may lose up to ${text} if the provider cheats while you are away; providers that do not give you credit for that long refuse it (credit)`
  if (request.yes && request.maxTotal === undefined)
    throw usage(`${sentence}; with -y that takes --max-total ${formatMoney(loss)} or more`)
  if (request.yes && loss > maxTotal) {
    const most = `${formatMoney(loss)} ${currency}`
    throw usage(
      `${formatDuration(awayMs)} at ${formatMoney(maxPricePerHour)}/h come to ${most}, more than --max-total ${formatMoney(maxTotal)}: the job would end while you are away; raise it, or lower --away or --max-price`,
    )
  }
  say(context, sentence)
  if (!request.yes && request.maxPricePerHour !== undefined && request.priceFrom === undefined) await askConsent('Promise it?')
}

async function askPrice(context: Context, suggested: bigint, currency: string): Promise<bigint> {
  const answer = await ask(`Highest price per hour [${formatMoney(suggested)} ${currency}]: `)
  if (answer === undefined) throw left()
  if (answer === '') return suggested
  try {
    return parseMoney('the price', answer)
  } catch (error) {
    say(context, error instanceof Error ? error.message : String(error))
    return askPrice(context, suggested, currency)
  }
}

async function askConsent(question: string): Promise<void> {
  const agreed = await confirm(question)
  if (agreed === undefined) throw left()
  if (!agreed) throw new CliError(EXIT.cancelled, 'NOT_AGREED', 'nothing was ordered')
}

const left = (): CliError => new CliError(EXIT.interrupted, 'INTERRUPTED', 'nothing was ordered')
