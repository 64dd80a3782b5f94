/**
 * Bytes as strings of one-byte characters: V8 keeps those in one piece of as many bytes and a word or two, where a typed array of
 * more than 64 bytes takes three objects and some 250 bytes more. For what is kept by the hundred thousand and seldom read.
 */
export function textOf(bytes: Uint8Array, length = bytes.length): string {
  const codes = codesOf(length)
  for (let i = 0; i < length; i++) codes[i] = bytes[i] as number
  return String.fromCharCode.apply(null, codes)
}

/** A text of one-byte characters in one piece: one that was put together keeps its parts beside it. */
export function inOnePiece(text: string): string {
  const codes = codesOf(text.length)
  for (let i = 0; i < codes.length; i++) codes[i] = text.charCodeAt(i)
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

function codesOf(length: number): number[] {
  const codes = CODES[length] ?? new Array<number>(length).fill(0)
  if (length < LENGTHS_MAX) CODES[length] = codes
  return codes
}

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
    return textOf(runs, writeRuns(bytes, this.#models[model] as Uint8Array, model))
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

/** Where runs are written; made longer when something longer comes. */
let runs = new Uint8Array(1_024)

/** Writes the number of the model, then the runs; returns how many bytes that takes. */
function writeRuns(bytes: Uint8Array, model: Uint8Array, number: number): number {
  // A run has at least one byte that differs and takes two more; of what is as in the model, one takes two.
  const lengthMax = 3 * bytes.length + 3
  if (runs.length < lengthMax) runs = new Uint8Array(2 * lengthMax)
  let at = 0
  runs[at++] = number
  let done = 0
  while (done < bytes.length) {
    const from = Math.min(differs(bytes, model, done), done + RUN_MAX)
    let end = from
    for (let next = from; next < from + RUN_MAX && next < end + GAP_MIN && next < bytes.length; next++)
      if (bytes[next] !== model[next]) end = next + 1
    if (from === bytes.length) break
    runs[at++] = from - done
    runs[at++] = end - from
    for (let i = from; i < end; i++) runs[at++] = bytes[i] as number
    done = end
  }
  return at
}

/** The first byte from `from` on that is not as in the model. */
function differs(bytes: Uint8Array, model: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] === model[at]) at++
  return at
}
