import type { Device } from './device.ts'
import type { Probe } from './probe.ts'

/** So much of a device's memory may others compute in while it is lent: a lease, and a challenge, counts on the rest. */
const USED_SHARE = 0.1

/** Who leaves too little of a device for a lease, and how much they have; undefined: nobody does. `isOwn`: those do not count. */
export async function inUseBy(
  { usedBy, vramMib }: Pick<Device, 'usedBy' | 'vramMib'>,
  isOwn: (pid: number) => Promise<boolean>,
): Promise<string | undefined> {
  const own = await Promise.all(usedBy.map(({ pid }) => isOwn(pid)))
  const [first, ...more] = usedBy.filter((_, at) => own[at] === false).toSorted((a, b) => b.memoryMib - a.memoryMib)
  if (first === undefined) return undefined
  const usedMib = more.reduce((sum, { memoryMib }) => sum + memoryMib, first.memoryMib)
  if (usedMib <= vramMib * USED_SHARE) return undefined
  const who = more.length === 0 ? `process ${first.pid} uses` : `process ${first.pid} and ${more.length} more use`
  const end = more.length === 0 ? 'its' : 'their'
  return `${who} ${usedMib} MiB of its ${vramMib}; it is lent within five minutes of ${end} end`
}

/** Whether this process started the other, as it does to measure a device. */
export const isChild = async (probe: Pick<Probe, 'read'>, pid: number): Promise<boolean> =>
  parentOf(await probe.read(`/proc/${pid}/stat`)) === process.pid

/** proc_pid_stat(5): the fourth field, after a name in parentheses that may hold anything. */
const parentOf = (stat = ''): number => Number(stat.slice(stat.lastIndexOf(')') + 1).split(' ')[2])
