import { inOnePiece, Packing } from '../kernel/packed.ts'
import { Slab } from '../kernel/slab.ts'

/** A value as it is kept: packed while it is short, as all is that an idle peer has stored; else by its place among the long ones. */
export type Kept = string | number
const PACKED_BYTES_MAX = 128

/** The values of all stores of a world. */
export class Values {
  readonly #packing = new Packing()
  readonly #slab = new Slab()

  /** `before`: what it replaces. @default nothing */
  keep(value: Uint8Array, before?: Kept): Kept {
    const isShort = value.length <= PACKED_BYTES_MAX
    if (typeof before === 'number' && !isShort) return this.#slab.replace(before, value)
    this.drop(before)
    return isShort ? this.#packing.pack(value) : this.#slab.put(value)
  }

  /** A copy. */
  given(kept: Kept): Uint8Array {
    return typeof kept === 'string' ? this.#packing.unpack(kept) : this.#slab.get(kept)
  }

  drop(kept: Kept | undefined): void {
    if (typeof kept === 'number') this.#slab.free(kept)
  }
}

/**
 * Values by key. While they are few and packed they stand in one text, each as the lengths of key and value, the key and the value:
 * an idle peer has one, and a million of them no object around it. Otherwise, a map.
 */
export type Entries = string | Map<string, Kept>
const TEXT_LENGTH_MAX = 512
const LENGTH_MAX = 255

export function lookUp(entries: Entries | undefined, key: string): Kept | undefined {
  if (typeof entries !== 'string') return entries?.get(key)
  const at = placeOf(entries, key)
  return at < 0 ? undefined : entries.slice(at + key.length, endOf(entries, at))
}

/** The entries with the value, perhaps another object than before. */
export function withValue(entries: Entries | undefined, key: string, value: Kept): Entries {
  if (entries instanceof Map) return entries.set(key, value)
  const others = without(entries ?? '', key)
  if (typeof value === 'string' && key.length <= LENGTH_MAX && value.length <= LENGTH_MAX && IS_BYTES.test(key)) {
    const text = others + String.fromCharCode(key.length, value.length) + key + value
    if (text.length <= TEXT_LENGTH_MAX) return inOnePiece(text)
  }
  const many = new Map<string, Kept>()
  for (const [at, from, end] of entriesOf(others)) many.set(others.slice(at, from), others.slice(from, end))
  return many.set(key, value)
}

/** The entries without the key. */
export function remove(entries: Entries | undefined, key: string): Entries | undefined {
  if (typeof entries === 'string') return inOnePiece(without(entries, key))
  entries?.delete(key)
  return entries
}

export function keysOf(entries: Entries | undefined): string[] {
  if (typeof entries !== 'string') return [...(entries?.keys() ?? [])]
  return [...entriesOf(entries)].map(([at, value]) => entries.slice(at, value))
}

/** As the core's keys are. */
const IS_BYTES = /^[ -\u00ff]*$/

function without(text: string, key: string): string {
  const at = placeOf(text, key)
  return at < 0 ? text : text.slice(0, at - 2) + text.slice(endOf(text, at))
}

/** Where the key of its entry begins; −1: there is none. */
function placeOf(text: string, key: string): number {
  for (let at = 2; at < text.length; at = endOf(text, at) + 2)
    if (text.charCodeAt(at - 2) === key.length && text.startsWith(key, at)) return at
  return -1
}

/** Where the entry ends whose key begins at `at`. */
const endOf = (text: string, at: number): number => at + text.charCodeAt(at - 2) + text.charCodeAt(at - 1)

/** Of each entry where its key begins, where its value does, and where that ends. */
function* entriesOf(text: string): Generator<[at: number, value: number, end: number]> {
  for (let at = 2; at < text.length; ) {
    const value = at + text.charCodeAt(at - 2)
    const end = value + text.charCodeAt(at - 1)
    yield [at, value, end]
    at = end + 2
  }
}
