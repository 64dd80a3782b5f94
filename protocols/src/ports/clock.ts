/** Whom a clock wakes. A peer has one for its whole life, so that what waits for it takes no closure. */
export interface Alarm {
  /** The clock's own: what it finds the alarm again by while that is set. Undefined at first. */
  handle: unknown
  ring(): void
}

/** Time. Durations and deadlines use `monoMs`, which never goes back; `wallMs` is Unix time, for people and expiries. */
export interface Clock {
  /**
   * Readings of `monoMs` with the same era can be compared, those of different processes too; between two eras nobody knows
   * what time passed, and nothing that ran in the one runs in the other. On a real machine: one boot of it.
   */
  readonly era: string
  monoMs(): number
  wallMs(): number
  /** Calls back once after `ms`; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void
  /** Rings `alarm` once after `ms`, and no more when it was set to before. Infinity: not at all. */
  set(alarm: Alarm, ms: number): void
}

export interface Random {
  /** Unpredictable bytes; in a simulator, bytes that the seed determines. */
  bytes(length: number): Uint8Array
}
