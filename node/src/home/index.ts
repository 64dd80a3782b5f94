/**
 * A peer's data folder: identity, settings, store, and what jobs leave.
 *
 * @example
 * const home = await openHome(dataFolder({ env: process.env }), { create: true })
 * const { store, release } = await holdHome(home)
 */
export { createAtomic, writeAtomic } from './atomic.ts'
export { HomeError } from './errors.ts'
export { dataFolder, type HomePaths, homePaths } from './folder.ts'
export { holdHome } from './hold.ts'
export { type Home, initHome, openHome } from './home.ts'
export { createIdentity, type Identity, loadIdentity } from './identity.ts'
export { claimSocket, dropSocket, findSocket } from './socket.ts'
export { checkVersion, WEFT_VERSION } from './version.ts'
