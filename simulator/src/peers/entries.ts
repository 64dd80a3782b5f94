import { bytesOf, type Packing, textOf } from '../kernel/packed.ts'

/** A value as it is kept: packed while it is short, as all is that an idle peer has stored. */
export type Kept = string | Uint8Array
const PACKED_BYTES_MAX = 128

export const keep = (packing: Packing, value: Uint8Array): Kept =>
  value.length <= PACKED_BYTES_MAX ? packing.pack(value) : value.slice()

export const given = (packing: Packing, kept: Kept): Uint8Array =>
  typeof kept === 'string' ? packing.unpack(kept) : kept.slice()

/**
 * Values by key. While they are few and packed they stand in one text, each as the lengths of key and value, the key and the value:
 * an idle peer has one, and a million of them no object around it. Otherwise, a map.
 */
export type Entries = string | Map<string, Kept>
const TEXT_LENGTH_MAX = 512
const LENGTH_MAX = 255

export function lookUp(entries: Entries | undefined, key: string): Kept | undefined {
  if (typeof entries !== 'string') return entries?.get(key)
  for (const [at, value, end] of entriesOf(entries)) if (entries.slice(at, value) === key) return entries.slice(value, end)
  return undefined
}

/** The entries with the value, perhaps another object than before. */
export function withValue(entries: Entries | undefined, key: string, value: Kept): Entries {
  if (entries instanceof Map) return entries.set(key, value)
  const others = without(entries ?? '', key)
  if (typeof value === 'string' && key.length <= LENGTH_MAX && value.length <= LENGTH_MAX && IS_BYTES.test(key)) {
    const text = others + String.fromCharCode(key.length, value.length) + key + value
    // A text that was put together keeps its parts beside it.
    if (text.length <= TEXT_LENGTH_MAX) return textOf(bytesOf(text))
  }
  const many = new Map<string, Kept>()
  for (const [at, from, end] of entriesOf(others)) many.set(others.slice(at, from), others.slice(from, end))
  return many.set(key, value)
}

/** The entries without the key. */
export function remove(entries: Entries | undefined, key: string): Entries | undefined {
  if (typeof entries === 'string') return textOf(bytesOf(without(entries, key)))
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
  for (const [at, value, end] of entriesOf(text))
    if (text.slice(at, value) === key) return text.slice(0, at - 2) + text.slice(end)
  return text
}

/** Of each entry where its key begins, where its value does, and where that ends. */
function* entriesOf(text: string): Generator<[at: number, value: number, end: number]> {
  for (let at = 2; at < text.length; ) {
    const value = at + text.charCodeAt(at - 2)
    const end = value + text.charCodeAt(at - 1)
    yield [at, value, end]
    at = end + 2
  }
}
