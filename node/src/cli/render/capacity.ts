import type { CapacityView } from '../../api/views.ts'
import { formatDuration } from '../parse/values.ts'
import { clean, table } from './table.ts'

const HEADER = ['#', 'GPU', 'memory', 'capability', 'driver', 'used by', 'state', 'id']

/** What this machine has, as `weft doctor` shows it. */
export function capacityText({ gpus, cpus, memoryGiB, diskGiB, linkMbit, measuredByOthers }: CapacityView): string[] {
  const link = linkMbit === null ? '' : `, network link of ${linkMbit} Mbit/s`
  const rows = gpus.map((gpu) => [
    String(gpu.index),
    `${gpu.vendor} ${gpu.model || '?'}`,
    gpu.vramGiB === 0 ? '?' : `${gpu.vramGiB} GiB`,
    gpu.computeCapability || '-',
    gpu.driver || '-',
    gpu.processes === 0 ? '-' : `${gpu.processes} process${gpu.processes === 1 ? '' : 'es'}`,
    `${gpu.state}${gpu.claimed ? ', only claimed' : ''}`,
    gpu.id,
  ])
  const whys = new Map<string, number[]>()
  for (const { index, state, why } of gpus) if (why !== '' && state !== 'idle') whys.set(why, [...(whys.get(why) ?? []), index])
  return [
    '',
    `this machine has ${cpus} core${cpus === 1 ? '' : 's'}, ${memoryGiB} GiB of memory, ${diskGiB} GiB of disk free${link}`,
    ...(gpus.length === 0
      ? ['no GPU was found']
      : [table(HEADER, rows), ...[...whys].map(([why, indices]) => `  ${indices.join(', ')}: ${clean(why)}`)]),
    ...gpus.flatMap((gpu) => measuredText(String(gpu.index), gpu.measuredByOthers)),
    ...measuredText('processor', measuredByOthers),
  ]
}

/** What others measured, by how many, how long ago. */
function measuredText(what: string, measured: CapacityView['measuredByOthers']): string[] {
  if (measured === null) return []
  const { challengers, ageSeconds, memoryGiB, readsGiBs, fp32Tflops } = measured
  const who = `${challengers} other peer${challengers === 1 ? '' : 's'}`
  const seen = `${memoryGiB} GiB read at ${readsGiBs} GiB/s, ${fp32Tflops} TFLOPS`
  return [`  ${what}: ${who} measured ${seen}, ${formatDuration(ageSeconds * 1000)} ago`]
}
