/** What a liar remembers: enough for the leases of one peer. */
const REMEMBERED_MAX = 256

export function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value)
  if (map.size > REMEMBERED_MAX) map.delete(map.keys().next().value as string)
}
