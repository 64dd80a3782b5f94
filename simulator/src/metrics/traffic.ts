/** Messages and bytes by kind of direct message. The kind is read off the envelope's own bytes: nothing is decoded for it. */
export class Traffic {
  readonly #kinds = new Map<number, { kind: string; messages: number; bytes: number }>()
  messages = 0
  bytes = 0

  add(bytes: Uint8Array): void {
    this.messages += 1
    this.bytes += bytes.length
    const print = printOf(bytes)
    let entry = this.#kinds.get(print)
    if (entry === undefined) {
      entry = { kind: kindOf(bytes), messages: 0, bytes: 0 }
      this.#kinds.set(print, entry)
    }
    entry.messages += 1
    entry.bytes += bytes.length
  }

  rows(protocol: string): { protocol: string; kind: string; messages: number; bytes: number }[] {
    return [...this.#kinds.values()].map((entry) => ({ protocol, ...entry })).sort((a, b) => (a.kind < b.kind ? -1 : 1))
  }
}

/** An envelope begins with its key, 38 bytes with their tag and length; then come tag, length and text of the payload's type. */
const TYPE_LENGTH_AT = 39
const TYPE_LENGTH_MAX = 40

/** Length and letters of the type, mixed: types are few and differ in them. */
function printOf(bytes: Uint8Array): number {
  const length = Math.min(bytes[TYPE_LENGTH_AT] ?? 0, TYPE_LENGTH_MAX)
  let print = length
  for (let i = 1; i <= length; i++) print = (Math.imul(print, 31) + (bytes[TYPE_LENGTH_AT + i] ?? 0)) | 0
  return print
}

/** `/weft/<kind>/<version>` between its slashes; `other` where the bytes are no envelope. */
function kindOf(bytes: Uint8Array): string {
  const length = Math.min(bytes[TYPE_LENGTH_AT] ?? 0, TYPE_LENGTH_MAX)
  const text = String.fromCharCode(...bytes.subarray(TYPE_LENGTH_AT + 1, TYPE_LENGTH_AT + 1 + length))
  return /^\/weft\/([a-z-]+)\/\d+$/i.exec(text)?.[1] ?? 'other'
}
