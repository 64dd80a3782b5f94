import type { Draws } from '../kernel/draws.ts'
import type { HardwareLie, Scenario } from '../scenario.ts'

/** Ways in which a provider breaks the rules. */
export const PROVIDER_ROLES = ['inflater', 'skipper', 'forker', 'deserter', 'replayer'] as const
/** Ways in which a renter does. */
export const RENTER_ROLES = ['free-rider', 'objector', 'shaver', 'double-awarder', 'replayer'] as const
/** Ways in which a provider's cards are not what it announces. */
export const HARDWARE_LIES = ['doubler', 'twin', 'hidden-twin', 'padder', 'relay', 'borrower'] as const satisfies HardwareLie[]
/**
 * - `free-rider`: never countersigns
 * - `objector`: objects to every receipt
 * - `shaver`: objects once in each lease, signs for as much less as it is given, and pays the rest
 * - `double-awarder`: awards one job to several, and one bid twice
 * - `replayer`: sends old messages again
 * - `inflater`: claims more time, pause, traffic or money than there was
 * - `creeper`: claims the most time that its renter's clock lets pass while its container runs, which breaks no rule
 * - `skipper`: leaves out numbers of receipts
 * - `forker`: signs two receipts with one number
 * - `deserter`: accepts and is never heard of again
 * - `slow`: gives less than it bills, which no message shows: the same program takes longer there
 * - `sybil`: one of several identities of one machine
 * - `doubler`: announces each of its cards twice, and fills again what it lacks
 * - `twin`: announces the cards of another identity, which has its address
 * - `hidden-twin`: the same, at an address of its own
 * - `padder`: half of the memory of its cards is its machine's
 * - `relay`: has no card, and hands every question on as its own to somebody who has
 * - `borrower`: has no card, and somebody who has works out its answers for it
 * - `lender`: does that, beside its own
 */
export type Role =
  | (typeof PROVIDER_ROLES)[number]
  | (typeof RENTER_ROLES)[number]
  | 'creeper'
  | 'slow'
  | 'sybil'
  | HardwareLie
  | 'lender'

interface Market {
  isProvider(peer: number): boolean
  isRenter(peer: number): boolean
  hasCards(peer: number): boolean
}

/** Who breaks which rule, drawn before the run: the attack's share of one kind, or `faults.byzantineShare` of all kinds. */
export function drawRoles({ peers, attack, faults }: Scenario, draws: Draws, market: Market): Map<number, Role> {
  const roles = new Map<number, Role>()
  const stream = draws.stream('roles', peers)
  for (let peer = 0; peer < peers; peer++) {
    const lot = stream.fraction(peer)
    const which = stream.u32(peer)
    const isProvider = market.isProvider(peer)
    const isRenter = market.isRenter(peer)
    if (attack?.kind === 'free-riders' && isRenter && lot < attack.share) roles.set(peer, 'free-rider')
    if (attack?.kind === 'liars' && lot < attack.share && (attack.of === 'providers' ? isProvider : isRenter && !isProvider))
      roles.set(peer, attack.role)
    if (attack?.kind === 'cheating-providers' && isProvider && lot < attack.share) roles.set(peer, 'slow')
    if (attack?.kind === 'cheating-hardware' && market.hasCards(peer) && lot < attack.share)
      roles.set(peer, attack.lie === 'each' ? (HARDWARE_LIES[which % HARDWARE_LIES.length] as HardwareLie) : attack.lie)
    if (roles.has(peer) || (!isProvider && !isRenter) || stream.fraction(peer) >= faults.byzantineShare) continue
    const possible: readonly Role[] = isProvider ? PROVIDER_ROLES : RENTER_ROLES
    roles.set(peer, possible[which % possible.length] as Role)
  }
  if (attack?.kind === 'sybil-market') {
    let left = attack.machines * attack.identities
    for (let peer = 0; peer < peers && left > 0; peer++) {
      if (!market.isProvider(peer)) continue
      roles.set(peer, 'sybil')
      left -= 1
    }
  }
  return roles
}
