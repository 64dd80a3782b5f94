import { noise } from '@chainsafe/libp2p-noise'
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { Libp2p, PrivateKey, Stream } from '@libp2p/interface'
import { type KadDHT, kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { weft } from '@weft/protocols/wire'
import { createLibp2p } from 'libp2p'

export type Hostile = Libp2p<{ dht: KadDHT }>

/** A libp2p node that completes the handshake of network `test` and then does as it likes. */
export async function hostilePeer(privateKey?: PrivateKey): Promise<Hostile> {
  return await createLibp2p({
    ...(privateKey === undefined ? {} : { privateKey }),
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [noise({ prologueBytes: new TextEncoder().encode('weft/test') })],
    streamMuxers: [yamux()],
    services: {
      identify: identify({ protocolPrefix: 'weft/test' }),
      ping: ping({ protocolPrefix: 'weft/test' }),
      dht: kadDHT({
        protocol: '/weft/test/kad/1.0.0',
        clientMode: true,
        peerInfoMapper: passthroughMapper,
        allowQueryWithZeroPeers: true,
        validators: { 'weft-test': () => {} },
        selectors: { 'weft-test': () => 0 },
      }),
    },
  })
}

/** Takes whatever stream is opened to it and never reads, grants or closes. */
export async function playDeaf(peer: Libp2p): Promise<void> {
  for (const lane of ['control', 'bulk']) await peer.handle(`/weft/test/${lane}/1.0.0`, () => {})
}

export async function openLane(from: Libp2p, address: string, lane: 'control' | 'bulk'): Promise<Stream> {
  return await from.dialProtocol(multiaddr(address), `/weft/test/${lane}/1.0.0`)
}

/** Stores a DHT record wherever it is taken; resolves with how many peers took it. */
export async function forcePut(from: Hostile, key: string, value: Uint8Array): Promise<number> {
  let taken = 0
  const events = from.services.dht.put(new TextEncoder().encode(`/weft-test/${key}`), value, {
    signal: AbortSignal.timeout(5_000),
  })
  for await (const event of events) if (event.name === 'PEER_RESPONSE' && event.messageName === 'PUT_VALUE') taken++
  return taken
}

/** A frame as it stands on the wire. */
export const wireFrame = (fields: weft.Frame.$Properties): Uint8Array => weft.Frame.encode(fields).ldelim().finish()

export const openFrame = (channel: number, protocol: string, credit = 1_000_000): Uint8Array =>
  wireFrame({ channel, kind: weft.FrameKind.FRAME_OPEN, payload: new TextEncoder().encode(protocol), credit })

export const dataFrame = (channel: number, payload: Uint8Array): Uint8Array =>
  wireFrame({ channel, kind: weft.FrameKind.FRAME_DATA, payload })

/**
 * The private key that nobody needs: its public key is the curve's identity point, for which the signature (R = that
 * point, S = 0) fits every message.
 */
export function keyOfNobody(): PrivateKey {
  const raw = new Uint8Array(32)
  raw[0] = 1
  const signature = new Uint8Array(64)
  signature[0] = 1
  const publicKey = publicKeyFromRaw(raw)
  return { type: 'Ed25519', raw: new Uint8Array(64), publicKey, sign: () => signature, equals: () => false } as PrivateKey
}
