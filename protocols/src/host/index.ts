/**
 * The one host: it runs the core over whichever ports it is given.
 *
 * @example
 * const host = await Host.open({ network, peerId, agent, provider, addresses, ports, onNote: log })
 * await host.start()
 */
export type { Edge, ScreenRow } from './edge.ts'
export * from './host.ts'
