import type { MachineSize } from '../capacity/index.ts'

/** Of what is so now, what a change must come to before it is told: disks and balloons move all the time. */
const STEPS: MachineSize = { cpuMilli: 0, memoryMib: 0.02, diskMib: 0.05 }

/**
 * How large a machine is, without what comes and goes: less counts at once, since nobody may be sold what is not there, and more when two
 * readings in a row have it, of which the smaller.
 */
export class SteadySize {
  #now: MachineSize
  #last: MachineSize

  constructor(size: MachineSize) {
    this.#now = size
    this.#last = size
  }

  /** Takes a reading. Returns what counts. */
  read(size: MachineSize): MachineSize {
    const of = (what: keyof MachineSize): number => steady(this.#now[what], this.#last[what], size[what], STEPS[what])
    this.#now = { cpuMilli: of('cpuMilli'), memoryMib: of('memoryMib'), diskMib: of('diskMib') }
    this.#last = size
    return this.#now
  }
}

function steady(now: number, last: number, read: number, step: number): number {
  const [low, high] = [now * (1 - step), now * (1 + step)]
  if (read < low) return read
  return read > high && last > high ? Math.min(read, last) : now
}
