/** A number, and where the next one begins. */
export interface Varint {
  value: number
  next: number
}

/** LevelDB's numbers, as far as a double holds them exactly; undefined: there is none at `at`. */
export function varintAt(bytes: Uint8Array, at: number): Varint | undefined {
  let value = 0
  for (let i = 0; i < 7; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return undefined
    value += (byte & 127) * 128 ** i
    if (byte < 128) return { value, next: at + i + 1 }
  }
  return undefined
}

export function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128)
  return [...bytes, rest]
}
