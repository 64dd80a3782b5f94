/** What the bundles of several peers say, put side by side: who signed what, who still has it, and what each lease came to. */
import { createHash } from 'node:crypto'
import { type LeaseId, type PeerId, WireError } from '@weft/protocols'
import { type BundleHeader, BundleReader } from '@weft/protocols/core'
import { decodeMessage, Envelopes, type Received, type ReceivedOf } from '@weft/protocols/wire'

/** The documents of one peer. */
export interface Book {
  peerId: string
  documents: readonly Received[]
}

/** `weft audit` has verified every signature of the file before. */
const ALREADY_VERIFIED = {
  verify: () => true,
  sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()),
}

export function readBook(peerId: string, bundle: Uint8Array): Book {
  let opener: Envelopes | undefined
  const documents: Received[] = []
  const reader = new BundleReader(ALREADY_VERIFIED, {
    header({ network }: BundleHeader) {
      opener = new Envelopes(network, ALREADY_VERIFIED)
    },
    envelope: (bytes) => void (opener && documents.push(decodeMessage(opener.open(bytes.slice())))),
    proof: () => {},
    damaged(_code, text) {
      throw new WireError('MALFORMED', text)
    },
  })
  reader.push(bundle)
  reader.end()
  return { peerId, documents }
}

/** Documents that one peer has from another, which that one, who signed them, does not have any more. */
export function missing(books: readonly Book[]): string[] {
  const held = new Map(books.map(({ peerId, documents }) => [peerId, new Set<string>(documents.map(({ id }) => id))]))
  return books.flatMap(({ peerId, documents }) =>
    documents
      .filter(({ from, id }) => held.get(from)?.has(id) === false)
      // A renter keeps an award apart from its job's record once the lease is made; before, it is void without the manifest.
      .filter((document) => document.kind !== 'award' || isBilled(books, document.id))
      .map(
        ({ kind, id, from }) => `${short(from)} has no longer the ${kind} ${short(id)} that it signed and ${short(peerId)} has`,
      ),
  )
}

/** What a lease came to by the documents of one peer: its last countersigned receipt. */
export interface Standing {
  leaseId: LeaseId
  renter: PeerId
  provider: PeerId
  seq: number
  amount: bigint
  runMs: number
  /** By the provider's wall clock. */
  sentAtMs: number
}

export function standings({ documents }: Book): Map<string, Standing> {
  const found = new Map<string, Standing>()
  const accepted = new Map<string, PeerId>()
  for (const document of documents) if (isAcceptedAnswer(document)) accepted.set(document.value.receiptId, document.from)
  for (const document of documents) {
    if (document.kind !== 'receipt') continue
    const { leaseId, seq, amount, runMs, sentAtMs } = document.value
    const renter = accepted.get(document.id)
    if (renter === undefined || seq <= (found.get(leaseId)?.seq ?? 0)) continue
    found.set(leaseId, { leaseId, renter, provider: document.from, seq, amount, runMs, sentAtMs })
  }
  return found
}

/** Leases whose two sides do not agree on the bill, by who has more. */
export function disagreements(books: readonly Book[]): { charged: string[]; lost: string[] } {
  const byPeer = new Map(books.map((book) => [book.peerId, standings(book)]))
  const leases = new Map([...byPeer.values()].flatMap((own) => [...own]))
  const charged: string[] = []
  const lost: string[] = []
  for (const [leaseId, { renter, provider }] of leases) {
    const spent = byPeer.get(renter)?.get(leaseId)?.amount ?? 0n
    const earned = byPeer.get(provider)?.get(leaseId)?.amount ?? 0n
    if (earned > spent) charged.push(`lease ${short(leaseId)}: charged ${earned}, its renter agreed to ${spent}`)
    if (spent > earned) lost.push(`lease ${short(leaseId)}: its renter agreed to ${spent}, its provider knows of ${earned}`)
  }
  return { charged, lost }
}

const isBilled = (books: readonly Book[], leaseId: string): boolean =>
  books.some(({ documents }) => documents.some((one) => one.kind === 'receipt' && one.value.leaseId === leaseId))

const isAcceptedAnswer = (document: Received): document is ReceivedOf<'countersignature'> =>
  document.kind === 'countersignature' && document.value.accepted

/** As much of an id as a person needs to find it. */
export const short = (id: string): string => (id.startsWith('12D3') ? id.slice(-8) : id.slice(0, 12))
