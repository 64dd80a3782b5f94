import type { Device } from './device.ts'
import type { Hours } from './hours.ts'

/** So much, or such a share of what is there: `{ amount: 4000 }`, `{ share: 0.5 }`. */
export type Amount = { amount: number } | { share: number }

/** What an owner decides about lending beyond the settings `lend.*`: the content of a capacity file. */
export interface CapacityRules {
  /** Which devices, by index, id or model as `weft doctor` lists them; undefined: all. */
  devices: readonly string[] | undefined
  /** At most so much. Thousandths of a core; MiB. */
  cpuMilli: Amount | undefined
  memoryMib: Amount | undefined
  diskMib: Amount | undefined
  /** Stays with the owner, whatever else is said. */
  reserve: { gpus: number; cpuMilli: Amount | undefined; memoryMib: Amount | undefined; diskMib: Amount | undefined }
  /** Outside of these nothing is lent; empty: always. */
  hours: readonly Hours[]
  /** IANA name; undefined: the machine's own. */
  timeZone: string | undefined
  /** Devices that no tool finds. To others they are their owner's word. */
  claims: readonly Device[]
}

/** Without a file: nothing is decided. */
export const NO_RULES: CapacityRules = {
  devices: undefined,
  cpuMilli: undefined,
  memoryMib: undefined,
  diskMib: undefined,
  reserve: { gpus: 0, cpuMilli: undefined, memoryMib: undefined, diskMib: undefined },
  hours: [],
  timeZone: undefined,
  claims: [],
}

/** What an amount is where `has` is there; never more than that. */
export const amountIn = (amount: Amount, has: number): number =>
  Math.min(has, 'amount' in amount ? amount.amount : Math.floor(has * amount.share))
