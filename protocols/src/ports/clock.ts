/** Time. Durations and deadlines use `monoMs`, which never goes back; `wallMs` is Unix time, for people and expiries. */
export interface Clock {
  monoMs(): number
  wallMs(): number
  /** Calls back once after `ms`; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void
}

export interface Random {
  /** Unpredictable bytes; in a simulator, bytes that the seed determines. */
  bytes(length: number): Uint8Array
}
