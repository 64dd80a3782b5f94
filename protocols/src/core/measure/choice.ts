import type { PeerId } from '../../units.ts'
import { toHex } from '../../wire/bytes.ts'
import { audienceHash, audiencePart } from '../../wire/commitments.ts'
import type { Offer } from '../market/book.ts'

type Candidate = Pick<Offer, 'provider' | 'capacity'>

/**
 * Whom to challenge in one moment: one provider by a hash of the nonce, which nobody could prepare for; with it those that announce one of its
 * cards or live at one of its addresses, since they may be the same machine; then others of its class.
 */
export function chooseGroup(offers: readonly Candidate[], nonce: Uint8Array, groupMax: number): PeerId[] {
  const place = new Map(offers.map(({ provider }) => [provider, audienceHash(nonce, audiencePart(provider)) >>> 0]))
  const inOrder = offers.toSorted((a, b) => (place.get(a.provider) ?? 0) - (place.get(b.provider) ?? 0))
  const [first, ...others] = inOrder
  if (first === undefined) return []
  const marks = marksOf(first)
  const isKin = (other: Candidate): boolean => marksOf(other).some((mark) => marks.includes(mark))
  const kin = others.filter(isKin)
  const alike = others.filter((other) => !kin.includes(other) && other.capacity.class === first.capacity.class)
  return [first, ...kin, ...alike].slice(0, groupMax).map(({ provider }) => provider)
}

/** What two offers of one machine have in common. */
function marksOf({ capacity }: Candidate): string[] {
  const cards = capacity.gpus.flatMap(({ uuidHashes }) => uuidHashes.map(toHex))
  const hosts = capacity.addresses.flatMap((address) => address.split('/').slice(1, 3).join('/') || [])
  return [...cards, ...hosts]
}
