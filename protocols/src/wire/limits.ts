/** Every bound on what comes in from outside, in bytes or entries, with a name. */
import { MS_PER_DAY } from '../units.ts'

export const ENVELOPE_OVERHEAD_BYTES_MAX = 256
/** A whole control message, envelope included: one frame of the channel layer. */
export const CONTROL_BYTES_MAX = 64 * 1024
export const ORDER_BYTES_MAX = 2048
/** Of as many devices, kinds and addresses as may be told: a machine of 64 slices has two KiB of hashes alone. */
export const CAPACITY_BYTES_MAX = 8192
export const SMALL_BYTES_MAX = 1024
export const AWARD_BYTES_MAX = 4096
export const MANIFEST_BYTES_MAX = CONTROL_BYTES_MAX - 1024
export const SPEC_BYTES_MAX = MANIFEST_BYTES_MAX - 512
export const RECEIPT_BYTES_MAX = 2048
export const LEASE_STATE_BYTES_MAX = RECEIPT_BYTES_MAX + SMALL_BYTES_MAX + 3 * ENVELOPE_OVERHEAD_BYTES_MAX
/** A line takes up to 92 bytes: this many fit into one message, and what is left over goes into the next statement. */
export const STATEMENT_LINES_MAX = 500
export const STATEMENT_BYTES_MAX = 48 * 1024
export const STATEMENT_STATE_BYTES_MAX = STATEMENT_BYTES_MAX + 2 * SMALL_BYTES_MAX + 4 * ENVELOPE_OVERHEAD_BYTES_MAX

export const CHALLENGE_BYTES_MAX = 4096
export const CHALLENGE_ANSWER_BYTES_MAX = 16 * 1024
export const MEASUREMENT_BYTES_MAX = 6 * 1024
export const MEASUREMENTS_BYTES_MAX = 48 * 1024
/** Challengers whose measurements a provider keeps and shows. */
export const MEASUREMENTS_MAX = 16
/** A measurement counts for so long at most. */
export const MEASUREMENT_LIFETIME_MS_MAX = 7 * MS_PER_DAY
export const ROUNDS_MAX = 1024
export const ROWS_MAX = 2 ** 22

export const ADDRESSES_MAX = 4
export const CAPACITY_ADDRESSES_MAX = 16
/** Characters of all addresses together, so that the rest of a message always has room. */
const ADDRESS_BUDGET = { order: 480, capacity: 2048 } as const
export const ADDRESS_LENGTH_MAX = 256
export const GPU_KINDS_MAX = 16
export const GPUS_MAX = 64
export const MODELS_MAX = 16
export const REGIONS_MAX = 16
export const NAME_LENGTH_MAX = 64
export const TEXT_LENGTH_MAX = 256
/** What a currency is called: a letter, then letters and digits, 2 to 12 in all. */
export const CURRENCY_NAME = /^[A-Za-z][A-Za-z0-9]{1,11}$/
export const ARGUMENTS_MAX = 1024
export const ENV_MAX = 512
export const MOUNTS_MAX = 16
export const PATH_LENGTH_MAX = 1024
export const CID_BYTES_MAX = 64

/** No network is taken for larger, in peers: several times what the largest DHT, BitTorrent's, ever had at once. */
export const NETWORK_SIZE_MAX = 100_000_000

/** No object binds anybody for longer than this: a year, in ms. */
export const DURATION_MS_MAX = 366 * MS_PER_DAY
/** A capacity record is believed for no longer than this after it was issued, whatever it says. */
export const CAPACITY_LIFETIME_MS_MAX = MS_PER_DAY
/** No round of an auction is longer: beyond this a time would have to be told by the wall clock, not counted from receipt. */
export const BID_WINDOW_MS_MAX = 300_000
/** Wall clocks of two honest peers differ by at most this. */
export const CLOCK_SKEW_MS = 30_000

/** As many of `addresses`, in their order, as a message of this kind has room for. */
export function fitAddresses(addresses: readonly string[], kind: 'order' | 'capacity'): string[] {
  const fitting: string[] = []
  let left: number = ADDRESS_BUDGET[kind]
  for (const address of addresses) {
    if (address.length > ADDRESS_LENGTH_MAX || address.length > left) continue
    if (fitting.length >= (kind === 'order' ? ADDRESSES_MAX : CAPACITY_ADDRESSES_MAX)) break
    fitting.push(address)
    left -= address.length
  }
  return fitting
}
