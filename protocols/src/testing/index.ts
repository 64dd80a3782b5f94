/**
 * Fixtures, simulated ports and the compliance suites that real and simulated ports both pass.
 *
 * @example
 * const mesh = new SimulatedMesh(seed)
 * const provider = await mesh.add({ capacity: someCapacity() })
 */
export * from './builders.ts'
export * from './compliance/case.ts'
export * from './compliance/channels.ts'
export * from './compliance/clock.ts'
export * from './compliance/directory.ts'
export * from './compliance/executor.ts'
export * from './compliance/meter.ts'
export * from './compliance/pubsub.ts'
export * from './compliance/signer.ts'
export * from './compliance/store.ts'
export * from './fast-signer.ts'
export * from './memory-store.ts'
export * from './sha256.ts'
export * from './simulated-executor.ts'
export * from './simulated-executor-subject.ts'
export * from './simulated-mesh.ts'
export * from './simulated-meter.ts'
export * from './simulated-network.ts'
export * from './simulated-signer.ts'
export * from './virtual-time.ts'
export * from './yaml-snippets.ts'
