import { bytesOf, textOf } from '../kernel/packed.ts'

/**
 * A value as it is kept. What an idle peer has stored is short, and a string of one-byte characters takes a third of what a
 * typed array does.
 */
export type Kept = string | Uint8Array
const TEXT_BYTES_MAX = 128

export const keep = (value: Uint8Array): Kept => (value.length <= TEXT_BYTES_MAX ? textOf(value) : value.slice())

export const given = (kept: Kept): Uint8Array => (typeof kept === 'string' ? bytesOf(kept) : kept.slice())

/**
 * Values by key. Keys and values in turn while there are few, since an idle peer has one; beyond FEW, a map. No object of its
 * own stands around either: a million peers would have it.
 */
export type Entries = Kept[] | Map<string, Kept>
const FEW = 8

export function lookUp(entries: Entries | undefined, key: string): Kept | undefined {
  if (!Array.isArray(entries)) return entries?.get(key)
  const at = find(entries, key)
  return at < 0 ? undefined : entries[at + 1]
}

/** The entries with the value, perhaps another object than before. */
export function withValue(entries: Entries | undefined, key: string, value: Kept): Entries {
  // Made at its own length: an array that grows by itself keeps room for seventeen.
  if (entries === undefined) return [key, value]
  if (!Array.isArray(entries)) return entries.set(key, value)
  const at = find(entries, key)
  if (at >= 0) entries[at + 1] = value
  else if (entries.length < 2 * FEW) entries.push(key, value)
  else return spread(entries).set(key, value)
  return entries
}

export function remove(entries: Entries | undefined, key: string): void {
  if (!Array.isArray(entries)) {
    entries?.delete(key)
    return
  }
  const at = find(entries, key)
  if (at >= 0) entries.splice(at, 2)
}

export function keysOf(entries: Entries | undefined): string[] {
  if (!Array.isArray(entries)) return [...(entries?.keys() ?? [])]
  return entries.filter((_, i) => i % 2 === 0) as string[]
}

function spread(few: readonly Kept[]): Map<string, Kept> {
  const many = new Map<string, Kept>()
  for (let i = 0; i < few.length; i += 2) many.set(few[i] as string, few[i + 1] as Kept)
  return many
}

function find(few: readonly Kept[], key: string): number {
  for (let i = 0; i < few.length; i += 2) if (few[i] === key) return i
  return -1
}
