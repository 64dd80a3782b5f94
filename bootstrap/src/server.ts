import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createSeedNetwork, type Logger, type Network } from '@weft/node/network'
import { loadSeed } from './identity.ts'

export interface BootstrapInit {
  /** Data folder: identity, peer book, DHT records. */
  folder: string
  network: string
  listen: readonly string[]
  /** Other bootstrap peers of the same network. @default [] */
  bootstrap?: readonly string[]
  log: Logger
}

/** Starts a bootstrap peer. Rejects with PORT_IN_USE, LOCKED, or a UsageError that says what to change. */
export async function startBootstrap(init: BootstrapInit): Promise<Network> {
  const seed = await loadSeed(init.folder)
  const folder = join(init.folder, 'store')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const network = await createSeedNetwork({ ...init, seed, folder })
  try {
    await network.start()
  } catch (error) {
    await network.stop()
    throw error
  }
  return network
}
