import { wholePrice } from '@weft/protocols/core'
import type { Peer } from '../../peer.ts'
import { formatMoney } from '../parse/values.ts'

const GIB_MIB = 1024
const gib = (mib: number): string => `${Math.round((mib / GIB_MIB) * 10) / 10} GiB`

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
  const { capacity } = peer
  if (capacity !== undefined) {
    const gpus = capacity.gpus.map(({ count, model, vramMib }) => `${count}× ${model} ${gib(vramMib)}`)
    const parts = [...gpus, `${capacity.cpuMilli / 1000} cores`, gib(capacity.memoryMib), `${gib(capacity.diskMib)} of disk`]
    lines.push(
      ['lends', parts.join(', ')],
      ['price', `${formatMoney(wholePrice(capacity))} ${capacity.prices.currency} per hour for all of it`],
    )
  }
  lines.push(['ready', 'Ctrl-C stops it; in another terminal: weft run IMAGE COMMAND'])
  return lines.map(([label, text]) => `${label.padEnd(8)} ${text}`).join('\n')
}
