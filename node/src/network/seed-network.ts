import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { allTopics, Envelopes, isSmallOrder } from '@weft/protocols/wire'
import { systemClock } from '../clock.ts'
import { recordCheck } from '../peer/record-check.ts'
import { createVerifier } from '../signer.ts'
import { openDatastore } from '../store/datastore.ts'
import type { Logger, NetworkInit } from './init.ts'
import { createNetwork, type Network } from './network.ts'

export interface SeedNetworkInit {
  /** 32 bytes that the identity is derived from. */
  seed: Uint8Array
  /** Folder of the peer book and of the records held for others; one process at a time. */
  folder: string
  network: string
  listen: readonly string[]
  /** Other bootstrap peers. @default [] */
  bootstrap?: readonly string[]
  log: Logger
  metrics?: NetworkInit['metrics']
}

/** A network for a peer that serves newcomers and has no market: what a bootstrap peer is made of. `stop` closes its store. */
export async function createSeedNetwork(init: SeedNetworkInit): Promise<Network> {
  const datastore = await openDatastore(init.folder)
  const network = await createNetwork({
    privateKey: await generateKeyPairFromSeed('Ed25519', init.seed),
    network: init.network,
    listen: init.listen,
    bootstrap: init.bootstrap ?? [],
    mdns: false,
    mode: 'bootstrap',
    datastore,
    topics: allTopics(init.network),
    validateRecord: recordCheck(new Envelopes(init.network, createVerifier()), systemClock),
    isSmallOrder,
    log: init.log,
    now: systemClock.wallMs,
    ...(init.metrics === undefined ? {} : { metrics: init.metrics }),
  })
  const stopNetwork = network.stop.bind(network)
  let stopped: Promise<void> | undefined
  network.stop = () => {
    stopped ??= stopNetwork().finally(() => datastore.close())
    return stopped
  }
  return network
}
