/**
 * Production hosts over the models, one by one: for experiments that need hosts but no scenario. A scenario's world joins the
 * same parts.
 */
export { Values } from './peers/entries.ts'
export type { Engine } from './peers/executor.ts'
export { Identities } from './peers/identities.ts'
export { HandleOpener } from './peers/opener.ts'
export { Peer, type Surroundings } from './peers/peer.ts'
export { Rests } from './peers/rests.ts'
export { SimulatedResults } from './peers/results.ts'
export { Keys } from './peers/signer.ts'
export { type Tap, Wiring, type WiringInit } from './peers/wiring.ts'
