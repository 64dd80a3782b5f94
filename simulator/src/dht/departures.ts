/** Slices of the window in which departures are counted. */
const SLICES = 16
/** Without refreshes an entry is as old as the network: an hour stands for that. */
const WINDOW_US_DEFAULT = 3_600e6
/** A table entry was last seen up to WINDOW_REFRESHES refreshes ago; measured in `exact` under churn. */
const WINDOW_REFRESHES = 1
/** However many left at once, some contacts are found to live. */
const SHARE_MAX = 0.9

/** Estimates which share of table entries is dead: who left within the time in which entries are looked at again. */
export class Departures {
  readonly #sliceUs: number
  readonly #counts = new Float64Array(SLICES)
  #slice = 0

  /** `refreshUs`: between two refreshes of a table, 0: never. */
  constructor(refreshUs: number) {
    this.#sliceUs = (refreshUs > 0 ? refreshUs * WINDOW_REFRESHES : WINDOW_US_DEFAULT) / SLICES
  }

  note(nowUs: number): void {
    this.#advance(nowUs)
    const at = this.#slice % SLICES
    this.#counts[at] = (this.#counts[at] as number) + 1
  }

  /** Of those known, the share that is gone, where `online` peers are there now. */
  share(nowUs: number, online: number): number {
    this.#advance(nowUs)
    let left = 0
    for (const count of this.#counts) left += count
    return left === 0 ? 0 : Math.min(SHARE_MAX, left / (online + left))
  }

  #advance(nowUs: number): void {
    const slice = Math.floor(nowUs / this.#sliceUs)
    for (let steps = Math.min(SLICES, slice - this.#slice); steps > 0; steps--) this.#counts[(slice - steps + 1) % SLICES] = 0
    this.#slice = slice
  }
}
