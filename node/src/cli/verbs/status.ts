import type { StatusView } from '../../api/views.ts'
import { EXIT } from '../exit.ts'
import { formatBytes, formatDuration } from '../parse/values.ts'
import { print, type Verb } from '../verb.ts'

/** `weft status`. */
export const verb: Verb = {
  define: () => undefined,
  async run(context) {
    const { body } = await context.client.get<StatusView>('/v1/status')
    print(context, body, () => statusText(body))
    return EXIT.done
  },
}

export function statusText(status: StatusView): string {
  const engine = status.engine === null ? 'none' : `${status.engine.name} ${status.engine.version}`
  const lines: [string, string][] = [
    ['peer', status.peerId],
    ['network', status.network],
    ['roles', `${status.roles.join(', ')}${status.draining ? ' (draining)' : ''}`],
    ['addresses', status.addresses.join('\n             ') || 'none'],
    ['connections', String(status.connections)],
    ['engine', engine],
    ['leases', String(status.leases)],
    ...(status.guard === null ? [] : [['guard', `process ${status.guard.pid}`] as [string, string]]),
    ...lendsLines(status),
    ...diskLine(status),
    ...clockLine(status),
    ['up', formatDuration(status.uptimeSeconds * 1000)],
    ['version', `${status.version}, process ${status.pid}`],
  ]
  return lines.map(([label, text]) => `${label.padEnd(11)}  ${text}`).join('\n')
}

/** Only where something is to be done. */
function clockLine({ clock }: StatusView): [string, string][] {
  if (!clock.off) return []
  const by = `${formatDuration(Math.abs(clock.aheadMs))} ${clock.aheadMs > 0 ? 'ahead of' : 'behind'} what most connected peers say`
  return [['clock', `${by}: nothing new is leased or rented until it is set (timedatectl set-ntp true)`]]
}

function lendsLines({ lends }: StatusView): [string, string][] {
  if (lends === null) return []
  const { path, state, problem } = lends.file
  const said = state === 'refused' ? `refused: ${problem}; what was in force before stays so` : `${path} is in force`
  return [['lends', lends.text], ...(state === 'none' ? [] : [['file', said] as [string, string]])]
}

function diskLine({ disk }: StatusView): [string, string][] {
  if (disk === null) return []
  const room = `${formatBytes(disk.freeBytes)} free, ${formatBytes(disk.reserveBytes)} kept in reserve`
  return [['disk', disk.short ? `${room}: nothing new is taken until there is more` : room]]
}
