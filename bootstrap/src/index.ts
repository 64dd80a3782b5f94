/**
 * The well-known peer that newcomers dial: it serves the DHT, relays control messages for peers behind NATs and tells
 * newcomers of others. It knows nothing of the market, and a mesh that has formed does not need it.
 *
 * @example
 * const bootstrap = await startBootstrap({ folder: './data', network: 'weft', listen: ['/ip4/0.0.0.0/tcp/4001'], log })
 * console.log(bootstrap.addresses())
 * await bootstrap.stop()
 */
export { loadSeed } from './identity.ts'
export { type BootstrapInit, startBootstrap } from './server.ts'
