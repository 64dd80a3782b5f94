import { BundleWriter } from '../core/audit/bundle.ts'
import { KEYS, PREFIXES } from '../core/keys.ts'
import type { Signer, Store } from '../ports/index.ts'
import { type LeaseId, leaseId } from '../units.ts'
import { concat } from '../wire/bytes.ts'
import { accountEntries } from './books.ts'

/** Which leases a bundle has. @default all */
export interface BundleSelection {
  /** How their ids begin. */
  lease?: string
  /** Something was agreed on them from this day on, UTC. */
  since?: string
}

interface Init {
  network: string
  peerId: string
  store: Store
  signer: Pick<Signer, 'sha256'>
}

/** Documents are small; what is handed on is about as long as a file or socket likes it. */
const PIECE_BYTES = 64 * 1024

/** The signed documents of this peer as a bundle, piece by piece: no more than a piece is in memory, however many there are. */
export async function* bundleStream(
  { network, peerId, store, signer }: Init,
  selection: BundleSelection = {},
): AsyncGenerator<Uint8Array> {
  const writer = new BundleWriter(signer)
  let waiting = [writer.begin({ network, exportedBy: peerId })]
  let bytes = 0
  for await (const piece of fields(store, writer, selection)) {
    waiting.push(piece)
    bytes += piece.length
    if (bytes < PIECE_BYTES) continue
    yield concat(...waiting)
    waiting = []
    bytes = 0
  }
  yield concat(...waiting, writer.end())
}

/**
 * Statements, then leases, each statement before what it counts; then what proves that somebody contradicted itself. A selection
 * has no statements: they count leases that it leaves out.
 */
async function* fields(store: Store, writer: BundleWriter, { lease = '', since }: BundleSelection): AsyncGenerator<Uint8Array> {
  const isWhole = lease === '' && since === undefined
  if (isWhole) for await (const [, bytes] of store.list(PREFIXES.settled)) yield writer.envelope(bytes)
  const recent = since === undefined ? undefined : await agreedSince(store, since)
  for await (const id of leaseIds(store, lease)) {
    if (recent?.has(id) === false) continue
    for await (const bytes of leaseDocuments(store, id)) yield writer.envelope(bytes)
  }
  for await (const [, bytes] of store.list(`${PREFIXES.proof}${lease}`)) yield writer.proof(bytes)
}

async function agreedSince(store: Store, day: string): Promise<Set<LeaseId>> {
  const leases = new Set<LeaseId>()
  for await (const entry of accountEntries(store)) if (entry.day >= day) leases.add(entry.leaseId)
  return leases
}

/** Every lease that the store has documents of and whose id begins so, in the order of their ids. */
export async function* leaseIds(store: Store, beginning = ''): AsyncGenerator<LeaseId> {
  let last: LeaseId | undefined
  for await (const [key] of store.list(`${PREFIXES.document}${beginning}`)) {
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
