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

/** Lengths that a packing keeps a model of; what has another length is kept whole, under this number. */
const MODELS_MAX = 255
/** A run of bytes begins with how many before it are as in the model, and how many it has. */
const RUN_MAX = 255
/** Fewer bytes than that which are as in the model do not end a run: a new one would take as many. */
const GAP_MIN = 3

/**
 * Byte strings of which many are alike, each as text: of what has the length of one that came before, only the runs of bytes
 * that are not as in the first of that length. What a packing has packed it alone can unpack.
 */
export class Packing {
  /** The first of each length, and which of them is whose model. */
  readonly #models: Uint8Array[] = []
  readonly #byLength = new Map<number, number>()

  pack(bytes: Uint8Array): string {
    let model = this.#byLength.get(bytes.length)
    if (model === undefined) {
      if (this.#models.length === MODELS_MAX) return textOf(Uint8Array.of(MODELS_MAX, ...bytes))
      model = this.#models.push(bytes.slice()) - 1
      this.#byLength.set(bytes.length, model)
    }
    return textOf(difference(bytes, this.#models[model] as Uint8Array, model))
  }

  unpack(text: string): Uint8Array {
    const model = this.#models[text.charCodeAt(0)]
    if (model === undefined) return bytesOf(text.slice(1))
    const bytes = model.slice()
    let at = 0
    for (let i = 1; i < text.length; ) {
      at += text.charCodeAt(i++)
      for (let left = text.charCodeAt(i++); left > 0; left--) bytes[at++] = text.charCodeAt(i++)
    }
    return bytes
  }
}

/** The number of the model, then the runs. */
function difference(bytes: Uint8Array, model: Uint8Array, number: number): Uint8Array {
  const out: number[] = [number]
  let done = 0
  while (done < bytes.length) {
    const from = Math.min(differs(bytes, model, done), done + RUN_MAX)
    let end = from
    for (let next = from; next < from + RUN_MAX && next < end + GAP_MIN && next < bytes.length; next++)
      if (bytes[next] !== model[next]) end = next + 1
    if (from === bytes.length) break
    out.push(from - done, end - from, ...bytes.subarray(from, end))
    done = end
  }
  return Uint8Array.from(out)
}

/** The first byte from `from` on that is not as in the model. */
function differs(bytes: Uint8Array, model: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] === model[at]) at++
  return at
}
