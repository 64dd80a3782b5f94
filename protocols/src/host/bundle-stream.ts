import { BundleWriter } from '../core/audit/bundle.ts'
import { KEYS, PREFIXES } from '../core/keys.ts'
import type { Signer, Store } from '../ports/index.ts'
import { type LeaseId, leaseId } from '../units.ts'
import { concat } from '../wire/bytes.ts'

interface Init {
  network: string
  peerId: string
  store: Store
  signer: Pick<Signer, 'sha256'>
}

/** Documents are small; what is handed on is about as long as a file or socket likes it. */
const PIECE_BYTES = 64 * 1024

/** The signed documents of this peer as a bundle, piece by piece: no more than a piece is in memory, however many there are. */
export async function* bundleStream({ network, peerId, store, signer }: Init): AsyncGenerator<Uint8Array> {
  const writer = new BundleWriter(signer)
  let waiting = [writer.begin({ network, exportedBy: peerId })]
  let bytes = 0
  for await (const piece of fields(store, writer)) {
    waiting.push(piece)
    bytes += piece.length
    if (bytes < PIECE_BYTES) continue
    yield concat(...waiting)
    waiting = []
    bytes = 0
  }
  yield concat(...waiting, writer.end())
}

/** Statements, then leases, each statement before what it counts; then what proves that somebody contradicted itself. */
async function* fields(store: Store, writer: BundleWriter): AsyncGenerator<Uint8Array> {
  for await (const [, bytes] of store.list(PREFIXES.settled)) yield writer.envelope(bytes)
  for await (const id of leaseIds(store)) {
    for await (const bytes of leaseDocuments(store, id)) yield writer.envelope(bytes)
  }
  for await (const [, bytes] of store.list(PREFIXES.proof)) yield writer.proof(bytes)
}

/** Every lease that the store has documents of, in the order of their ids. */
export async function* leaseIds(store: Store): AsyncGenerator<LeaseId> {
  let last: LeaseId | undefined
  for await (const [key] of store.list(PREFIXES.document)) {
    const id = leaseId(key.slice(PREFIXES.document.length, key.lastIndexOf('/')))
    if (id !== last) yield id
    last = id
  }
}

/** The award first, then the acceptance, then each receipt and its answer: the order in which a bundle has them. */
async function* leaseDocuments(store: Store, id: LeaseId): AsyncGenerator<Uint8Array> {
  for (const kind of ['award', 'acceptance'] as const) {
    const bytes = await store.get(KEYS.document(id, kind))
    if (bytes !== undefined) yield bytes
  }
  for await (const [, bytes] of store.list(`${PREFIXES.receipt}${id}/`)) yield bytes
}
