import { type LeaseId, leaseId, micros, type PeerId } from '@weft/protocols'
import { type SimulatedMesh, SimulatedSigner, someCapacity, someOrder, somePrices, someSpec } from '@weft/protocols/testing'
import {
  type Award,
  CODECS,
  type Codec,
  decodeMessage,
  Envelopes,
  type MessageKind,
  type Messages,
  manifestHash,
  type Order,
  peerIdOf,
  type Received,
  specCodec,
} from '@weft/protocols/wire'
import { expect } from 'vitest'

/** A stranger with a key and a connection, who says whatever a test wants. */
export function stranger(mesh: SimulatedMesh, seed: number) {
  const signer = new SimulatedSigner(seed)
  const id = peerIdOf(signer.publicKey)
  const { channels } = mesh.network.join(id)
  const envelopes = new Envelopes('test', signer)
  const heard: Received[] = []
  channels.listen({
    message: (_from, bytes) => heard.push(decodeMessage(envelopes.open(bytes))),
    connected: () => {},
    disconnected: () => {},
  })
  const say = <Kind extends MessageKind>(to: typeof id, kind: Kind, value: Messages[Kind]) => {
    const sealed = envelopes.seal(CODECS[kind] as Codec<Messages[Kind]>, value, signer)
    void channels.send(to, sealed.bytes)
    return sealed.id
  }
  const last = <Kind extends MessageKind>(kind: Kind) =>
    heard.filter((message) => message.kind === kind).at(-1) as Extract<Received, { kind: Kind }> | undefined
  return { id, say, heard, last }
}

/** A stranger's order that the provider has bid on. */
export async function bidFor(
  mesh: SimulatedMesh,
  renter: ReturnType<typeof stranger>,
  provider: PeerId,
  set: Partial<Order> = {},
) {
  const wall = mesh.time.epochMs + mesh.time.nowMs
  const order = someOrder({ issuedAtMs: wall, expiresAtMs: wall + 60_000, ...set })
  const orderId = renter.say(provider, 'order', order)
  await mesh.time.run(mesh.time.nowMs + 100)
  const bid = renter.last('bid')
  expect(bid).toBeDefined()
  const { resources, terms, maxRunMs, outputBytesMax } = order
  const prices = bid?.value.prices ?? somePrices()
  return {
    orderId,
    bidId: bid?.id ?? orderId,
    provider,
    resources,
    prices,
    terms,
    maxTotal: micros(1_000n),
    maxRunMs,
    outputBytesMax,
    deliverByMs: 30_000,
    nonce: new Uint8Array(16),
  }
}

/** A stranger that rents: its lease at `provider`, whose container is on its way. */
export async function rentFrom(
  mesh: SimulatedMesh,
  renter: ReturnType<typeof stranger>,
  provider: PeerId,
  set: { order?: Partial<Order>; award?: Partial<Award> } = {},
): Promise<LeaseId> {
  const salt = new Uint8Array(32)
  const spec = specCodec.encode(someSpec({ imageBytes: 0 }))
  const hash = manifestHash(new SimulatedSigner(0), salt, spec)
  const award = await bidFor(mesh, renter, provider, { ...set.order, manifestHash: hash })
  const lease = leaseId(renter.say(provider, 'award', { ...award, ...set.award }))
  await mesh.time.run(mesh.time.nowMs + 50)
  renter.say(provider, 'manifest', { leaseId: lease, salt, spec, permitMs: award.terms.stopAfterMs })
  await mesh.time.run(mesh.time.nowMs + 50)
  return lease
}

/** A stranger that sells: it gets the award of the job that `renter` seeks a provider for, and accepts it. */
export async function sellTo(
  mesh: SimulatedMesh,
  seller: ReturnType<typeof stranger>,
  renter: PeerId,
  submit: () => Promise<unknown>,
) {
  const wall = mesh.time.epochMs + mesh.time.nowMs
  const capacity = {
    ...someCapacity(),
    seq: 1,
    issuedAtMs: wall,
    expiresAtMs: wall + 10 ** 8,
    class: 'cpu' as const,
    addresses: [],
  }
  seller.say(renter, 'capacity', capacity)
  await mesh.time.run(mesh.time.nowMs + 100)
  await submit()
  await mesh.time.run(mesh.time.nowMs + 50)
  const orderId = seller.last('order')?.id
  if (orderId === undefined) throw new Error('the renter sent no order')
  seller.say(renter, 'bid', { orderId, prices: capacity.prices, firm: false, validMs: 30_000, startInMs: 0, region: '' })
  await mesh.time.run(mesh.time.nowMs + 1_000)
  const lease = leaseId(seller.last('award')?.id ?? '')
  seller.say(renter, 'acceptance', { leaseId: lease })
  await mesh.time.run(mesh.time.nowMs + 100)
  return lease
}
