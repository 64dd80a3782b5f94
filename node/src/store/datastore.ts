/** libp2p's own store (peers, DHT records): a LevelDB of its own, so that its writes never wait behind ours. */
import { LevelDatastore } from 'datastore-level'
import { openLevel } from './level.ts'

/**
 * Opens or creates it in `folder`; fails as `openLevel` does. The caller closes it after the node has stopped: libp2p does
 * not.
 */
export async function openDatastore(folder: string): Promise<LevelDatastore> {
  // LevelDatastore's own `open` would turn every reason into one text.
  return new LevelDatastore(await openLevel(folder))
}
