import type { PeerId } from '../units.ts'

/**
 * The DHT. A record under `capacity/<peerId>` is that peer's signed Capacity: implementations refuse records that are not
 * validly signed by the key's peer, and never let an older sequence number replace a newer one. A shelf is a set of peers:
 * `class/gpu-24g`, `model/<vendor>/<model>`. Every call ends by itself, in about ten seconds at the latest.
 */
export interface Directory {
  put(key: string, record: Uint8Array): Promise<void>
  /** The newest valid record found, or undefined. */
  get(key: string): Promise<Uint8Array | undefined>
  provide(shelf: string): Promise<void>
  /** Up to `limit` peers that said they are on the shelf; a hint, nothing proved. */
  find(shelf: string, options: { limit: number }): Promise<PeerId[]>
  /** About how many peers the DHT has, this one included; 1 where nothing is known. At once, and cheap. */
  networkSize(): number
}
