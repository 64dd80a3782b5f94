import { wholePrice } from '@weft/protocols/core'
import { lentText } from '../../peer/lent-text.ts'
import type { Peer } from '../../peer.ts'
import { formatMoney } from '../parse/values.ts'

/** What a person wants to know of a peer that has just started. */
export function describePeer(peer: Peer, folder: string): string {
  const engine =
    peer.engine === undefined ? 'none (weft run needs images by digest)' : `${peer.engine.name} ${peer.engine.version}`
  const lines: [string, string][] = [
    ['peer', peer.peerId],
    ['data', folder],
    ...peer.addresses.map((address): [string, string] => ['listens', address]),
    ['engine', engine],
    ...(peer.metricsUrl === undefined ? [] : [['metrics', peer.metricsUrl] satisfies [string, string]]),
  ]
  if (peer.engine?.name === 'process') lines.push(['warning', 'jobs are NOT ISOLATED: they run as plain processes of this user'])
  if (peer.offered !== undefined) {
    const { capacity } = peer.offered
    lines.push(
      ['lends', lentText(peer.offered)],
      ['price', `${formatMoney(wholePrice(capacity))} ${capacity.prices.currency} per hour for all of it`],
    )
  }
  lines.push(['ready', 'Ctrl-C stops it; in another terminal: weft run IMAGE COMMAND'])
  return lines.map(([label, text]) => `${label.padEnd(8)} ${text}`).join('\n')
}
