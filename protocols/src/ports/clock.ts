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
}

export interface Random {
  /** Unpredictable bytes; in a simulator, bytes that the seed determines. */
  bytes(length: number): Uint8Array
}
