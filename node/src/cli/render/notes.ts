import type { NoteView } from '../../api/views.ts'
import { formatBytes, formatDuration, formatMoney } from '../parse/values.ts'
import { type Asked, askedText, reasonText } from './reasons.ts'
import { clean, shortId, shortPeer } from './table.ts'

const CLOSED_BECAUSE: Record<string, string> = {
  'all-answered': 'every provider asked has answered',
  enough: 'enough bids are in',
  window: 'the time for bids is over',
}
const PHASE_TEXT: Record<string, string> = {
  starting: 'container starts',
  running: 'container runs',
  paused: 'container is paused, and so is the bill',
  stopping: 'container stops',
  collecting: 'provider packs the outputs',
}

const perHour = (amount: string, currency: string): string => `${formatMoney(amount)} ${clean(currency)}/h`

/**
 * A decision of the core as lines for a person; none where there is nothing to say. Bytes under way (`delivering`) are the
 * progress bar's business: see progressLine.
 *
 * @param queueLeftMs how long the search for a provider may still take
 */
export function noteLines(note: NoteView, queueLeftMs?: number): string[] {
  switch (note.type) {
    case 'ordered': {
      const round = note.round > 0 ? `, round ${note.round + 1}` : ''
      const asked =
        note.askedDirectly > 0
          ? `; ${note.askedDirectly} known ${note.askedDirectly === 1 ? 'provider' : 'providers'} asked directly`
          : ''
      return [`order ${shortId(note.orderId)} is out to providers of class ${clean(note.class)}${round}${asked}`]
    }
    case 'bid':
      return [
        `bid      ${shortPeer(note.provider)}  ${perHour(note.pricePerHour, note.currency)}  starts in ${formatDuration(note.startInMs)}${note.firm ? '  firm' : ''}`,
      ]
    case 'refusal':
      return [refusalLine(note)]
    case 'auction-closed':
      return [auctionLine(note)]
    case 'unfilled':
      return [unfilledLine(note, queueLeftMs)]
    case 'award-refused':
      return [`${shortPeer(note.provider)} did not accept: ${reasonText(note.reason)}`]
    case 'leased':
      return [`leased   ${shortPeer(note.provider)}  lease ${shortId(note.leaseId)}`]
    case 'progress': {
      const text = PHASE_TEXT[note.phase]
      const why = note.phase === 'paused' && note.text !== '' ? `: ${clean(note.text)}` : ''
      return text === undefined ? [] : [text + why]
    }
    case 'receipt':
      return note.accepted ? [] : [`objected to receipt ${note.seq}: ${clean(note.objection)}`]
    case 'attempt-ended':
      return note.endReason === 'workload.done'
        ? []
        : [`attempt on ${shortPeer(note.provider)} ended: ${clean(note.detail) || note.endReason}`]
    case 'unreachable':
      return [
        `${shortPeer(note.provider)} is not heard of; the job may go on there for ${formatDuration(Math.max(0, note.leftMs))} more, and is started elsewhere then`,
      ]
    case 'reachable':
      return [`${shortPeer(note.provider)} is heard of again`]
    case 'fetch-failed':
      return [
        `the outputs are not here yet: ${clean(note.why)}; asking ${shortPeer(note.provider)} again in ${formatDuration(note.inMs)}, for a day (weft stop gives them up)`,
      ]
    case 'retry':
      return [`looking again in ${formatDuration(note.inMs)}: ${clean(note.why)}`]
    default:
      return []
  }
}

/** `asked`: what it had bid, where that is the reason. `limit`: of the job, in micro-units. */
export function refusalLine(
  { provider, reason }: Extract<NoteView, { type: 'refusal' }>,
  asked?: Asked,
  limit?: string | null,
): string {
  const why = asked === undefined || reason !== 'price' ? reasonText(reason) : askedText(asked, limit ?? null)
  return `refusal  ${shortPeer(provider)}  ${why}`
}

function unfilledLine({ known, ruledOut, nextInMs }: Extract<NoteView, { type: 'unfilled' }>, leftMs?: number): string {
  const counts = Object.entries(ruledOut).map(([reason, count]) => `${count} ${reasonText(reason)}`)
  const why = known === 0 ? 'no provider is known yet' : `of ${known} known: ${counts.join(', ') || 'all fit, none took it'}`
  if (leftMs !== undefined && leftMs <= nextInMs)
    return `nobody took the order; ${why}; the time to look for a provider (--queue) is over`
  const until = leftMs === undefined ? '' : `, giving up in ${formatDuration(leftMs)} (--queue)`
  return `nobody took the order; ${why}; asking again in ${formatDuration(nextInMs)}${until}`
}

/** Who won and why, in one sentence. */
function auctionLine(note: Extract<NoteView, { type: 'auction-closed' }>): string {
  const [winner, second] = note.ranked
  const because = CLOSED_BECAUSE[note.why] ?? note.why
  if (winner === undefined) return `no bid to take: ${because}`
  const cheapest = note.ranked.every((bid) => BigInt(bid.pricePerHour) >= BigInt(winner.pricePerHour))
  const soonest = note.ranked.every((bid) => bid.startInMs >= winner.startInMs)
  const why =
    second === undefined
      ? 'the only bid'
      : cheapest
        ? soonest
          ? 'cheapest and soonest'
          : 'cheapest'
        : soonest
          ? 'starts soonest'
          : 'best of price, start and record'
  return `chosen   ${shortPeer(winner.provider)} of ${note.ranked.length}: ${why}, ${formatMoney(winner.pricePerHour)}/h (${because})`
}

/** `image and inputs  45%  1.2 MiB of 2.7 MiB`. */
export function progressLine(doneBytes: number, totalBytes: number): string {
  if (totalBytes <= 0) return `image and inputs  ${formatBytes(doneBytes)}`
  const percent = Math.min(100, Math.floor((doneBytes / totalBytes) * 100))
  return `image and inputs  ${String(percent).padStart(3)}%  ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`
}

/** How long the job outlives this peer: until its last permit has run out and the container was given its grace. */
export function survivalLine(survivesMs: number, hasDaemon: boolean): string {
  const ms = formatDuration(survivesMs)
  return hasDaemon
    ? `this terminal may close; without the daemon here the job would be stopped after ${ms}`
    : `the job goes on for ${ms} without this program, and is stopped then (--away gives it longer, weft up -d keeps jobs going)`
}

/** In the place of output that is missing. `bytes`: 0 where nobody knows how much it was. */
export function gapLine(bytes: number): string {
  return bytes === 0
    ? 'weft: some output is missing here: the provider restarted'
    : `weft: ${formatBytes(bytes)} of output are missing here: the limit was reached`
}
