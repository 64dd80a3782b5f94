/**
 * Bytes as strings of one-byte characters: V8 keeps those in one piece of as many bytes and a word or two, where a typed array of
 * more than 64 bytes takes three objects and some 250 bytes more. For what is kept by the hundred thousand and seldom read.
 */
export function textOf(bytes: Uint8Array): string {
  const codes = CODES[bytes.length] ?? new Array<number>(bytes.length).fill(0)
  if (bytes.length < LENGTHS_MAX) CODES[bytes.length] = codes
  for (let i = 0; i < bytes.length; i++) codes[i] = bytes[i] as number
  return String.fromCharCode.apply(null, codes)
}

export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/** Arrays of codes by their length, used again: what is kept comes in few lengths. */
const LENGTHS_MAX = 1_024
const CODES: (number[] | undefined)[] = new Array<number[] | undefined>(LENGTHS_MAX).fill(undefined)
