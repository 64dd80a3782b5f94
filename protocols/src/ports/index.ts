/**
 * What the core needs from a machine, as interfaces. The node implements them with libp2p, Level and a container engine;
 * the simulator with models; `../testing` holds one compliance suite per port that every implementation passes.
 */
export * from './channels.ts'
export * from './clock.ts'
export * from './directory.ts'
export * from './executor.ts'
export * from './meter.ts'
export * from './output.ts'
export * from './pubsub.ts'
export * from './results.ts'
export * from './signer.ts'
export * from './store.ts'
