/** One write of a batch: a value of `undefined` deletes the key. */
export interface StoreOp {
  key: string
  value: Uint8Array | undefined
}

/** An ordered key-value store with atomic batches. Keys are ASCII, at most 256 characters. */
export interface Store {
  get(key: string): Promise<Uint8Array | undefined>
  /** All entries whose key starts with `prefix`, in ascending order of keys; with `after` those above that key, which starts so too. */
  list(prefix: string, after?: string): AsyncIterable<[key: string, value: Uint8Array]>
  /**
   * Writes all of `ops` or none. With `sync` the promise resolves only once the data would survive a power cut;
   * without, once it would survive the death of the process. A store that has done so when the call returns, as one in
   * memory has, returns nothing.
   */
  batch(ops: readonly StoreOp[], options: { sync: boolean }): Promise<void> | void
}
