import type { PeerId } from '@weft/protocols'
import type { Received, ReceivedOf } from '@weft/protocols/wire'
import type { Stream } from '../kernel/draws.ts'
import type { Forger, Letter, Lie } from './lying-channels.ts'
import { ReceiptLie } from './receipt-lie.ts'
import type { Role } from './roles.ts'
import { Shaving } from './shaving.ts'

/** What a liar remembers of what passed: enough for the leases of one peer. */
const REMEMBERED_MAX = 64

/** The lie of a role; undefined: its messages are as they should be. */
export function lieOf(role: Role, forger: Forger, draws: Stream, peer: number): Lie | undefined {
  switch (role) {
    case 'free-rider':
      return dropping(
        (message) => (message.kind === 'countersignature' && message.value.accepted) || message.kind === 'leaseState',
      )
    case 'deserter':
      return dropping(
        (message) =>
          message.kind === 'progress' ||
          message.kind === 'receipt' ||
          message.kind === 'awardRefusal' ||
          message.kind === 'leaseState',
      )
    case 'objector':
      return objecting(forger)
    case 'shaver':
      return new Shaving(forger)
    case 'double-awarder':
      return new DoubleAwards(forger)
    case 'replayer':
      return new Replays(draws, peer)
    case 'inflater':
    case 'creeper':
    case 'skipper':
    case 'forker':
      return new ReceiptLie(role, forger)
    case 'slow':
    case 'sybil':
    case 'doubler':
    case 'twin':
    case 'hidden-twin':
    case 'padder':
    case 'relay':
    case 'borrower':
    case 'lender':
      return undefined
  }
}

const asItIs = (message: Received): Uint8Array => message.bytes

function dropping(isDropped: (message: Received) => boolean): Lie {
  return { outgoing: (message, to) => (isDropped(message) ? [] : [{ to, bytes: message.bytes }]), incoming: asItIs }
}

function objecting(forger: Forger): Lie {
  return {
    outgoing: (message, to) => {
      // Its host believes that it signed.
      if (message.kind === 'leaseState') return []
      if (message.kind !== 'countersignature' || !message.value.accepted) return [{ to, bytes: message.bytes }]
      const value = {
        ...message.value,
        accepted: false,
        objection: { reason: 'amount', runMs: 0, acceptedSeq: 0 } as const,
        permitMs: 0,
      }
      return [{ to, bytes: forger.seal('countersignature', value, message.from).bytes }]
    },
    incoming: asItIs,
  }
}

/** Awards the bid twice, and the same job to the other bidders as well. */
class DoubleAwards implements Lie {
  readonly #forger: Forger
  readonly #bids: ReceivedOf<'bid'>[] = []

  constructor(forger: Forger) {
    this.#forger = forger
  }

  outgoing(message: Received, to: PeerId): Letter[] {
    const letters = [{ to, bytes: message.bytes }]
    if (message.kind !== 'award') return letters
    const { value } = message
    const nonce = value.nonce.map((byte) => byte ^ 255)
    letters.push({ to, bytes: this.#forger.seal('award', { ...value, nonce }, message.from).bytes })
    for (const bid of this.#bids) {
      if (bid.value.orderId !== value.orderId || bid.from === to) continue
      const award = { ...value, provider: bid.from, bidId: bid.id, prices: bid.value.prices }
      letters.push({ to: bid.from, bytes: this.#forger.seal('award', award, message.from).bytes })
    }
    return letters
  }

  incoming(message: Received): Uint8Array {
    if (message.kind === 'bid') {
      this.#bids.push(message)
      if (this.#bids.length > REMEMBERED_MAX) this.#bids.shift()
    }
    return message.bytes
  }
}

/** With half of what it sends goes something that it sent before. */
class Replays implements Lie {
  readonly #sent: Letter[] = []
  readonly #draws: Stream
  readonly #peer: number

  constructor(draws: Stream, peer: number) {
    this.#draws = draws
    this.#peer = peer
  }

  outgoing(message: Received, to: PeerId): Letter[] {
    const letter = { to, bytes: message.bytes }
    const again = this.#draws.chance(this.#peer, 0.5) ? this.#sent[this.#draws.below(this.#peer, this.#sent.length)] : undefined
    this.#sent.push(letter)
    if (this.#sent.length > REMEMBERED_MAX) this.#sent.shift()
    return again === undefined ? [letter] : [letter, again]
  }

  incoming(message: Received): Uint8Array {
    return message.bytes
  }
}
