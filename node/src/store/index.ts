/** What a peer writes down: its own store and libp2p's. */
export * from './datastore.ts'
export * from './level-store.ts'
export { type Migration, STORE_VERSION } from './migrations.ts'
