import { counted } from '../capacity/counted.ts'
import type { Fault, Kept } from '../capacity/index.ts'
import type { Offered } from './offering.ts'

const MIB_PER_GIB = 1024
const gib = (mib: number): string => `${Math.round((mib / MIB_PER_GIB) * 10) / 10} GiB`

/** What is not lent: each reason once, and the devices that it is about: `2× rtx-4090, t4`. */
export function keptByReason(kept: readonly Kept[]): { names: string; count: number; why: string }[] {
  return [...Map.groupBy(kept, ({ why }) => why)].map(([why, all]) => {
    return { names: counted(all.map(({ device }) => device.model || device.id)), count: all.length, why }
  })
}

/** What is lent, in one line, and where that is less than one would think, why. */
export function lentText({ capacity, kept, closed, faults }: Offered & { faults: readonly Fault[] }): string {
  if (closed !== undefined) return `nothing now: ${closed}`
  const gpus = capacity.gpus.map(({ count, model, vramMib }) => `${count}× ${model} ${gib(vramMib)}`)
  const rest = [
    `${capacity.cpuMilli / 1000} ${capacity.cpuMilli === 1000 ? 'core' : 'cores'}`,
    gib(capacity.memoryMib),
    `${gib(capacity.diskMib)} of disk`,
  ]
  const why = [
    ...keptByReason(kept).map(({ names, why }) => `${names}: ${why}`),
    ...faults.map(({ text, fix }) => `${text}; ${fix}`),
  ]
  const whyText = why.length === 0 ? '' : ` (${why.join(' · ')})`
  if (gpus.length === 0)
    return `${rest.join(', ')}, no GPU: ${why.length === 0 ? 'none was found' : `none can be lent${whyText}`}`
  return `${[...gpus, ...rest].join(', ')}${why.length === 0 ? '' : `; not lent${whyText}`}`
}
