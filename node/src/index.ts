/**
 * One Weft peer as a program: `createPeer` composes it, `ApiClient` talks to one that runs, `main` is the command line.
 *
 * @example
 * const peer = await createPeer({ home, network: 'weft', listen, bootstrap, mdns: true, mode: 'peer', engine, log })
 */
export type {
  DoctorView,
  ErrorView,
  JobEvent,
  NoteView,
  OutputsView,
  PeerConnectionView,
  StatusView,
  Submission,
} from './api/views.ts'
export { type Answer, ApiClient } from './cli/client.ts'
export { EXIT } from './cli/exit.ts'
export { main } from './cli/main.ts'
export { createLogger } from './logger.ts'
export { FAILPOINTS } from './peer/failpoints.ts'
export { type ChosenEngine, chooseEngine } from './peer/lending.ts'
export { createPeer, type Peer, type PeerInit } from './peer.ts'
export { createSigner, createVerifier } from './signer.ts'
export { type LevelStore, openLevelStore } from './store/index.ts'
export { VERSION } from './version.ts'
