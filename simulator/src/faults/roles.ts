import type { Draws } from '../kernel/draws.ts'
import type { Scenario } from '../scenario.ts'

/** Ways in which a provider breaks the rules. */
export const PROVIDER_ROLES = ['inflater', 'skipper', 'forker', 'deserter', 'replayer'] as const
/** Ways in which a renter does. */
export const RENTER_ROLES = ['free-rider', 'objector', 'shaver', 'double-awarder', 'replayer'] as const
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
 */
export type Role = (typeof PROVIDER_ROLES)[number] | (typeof RENTER_ROLES)[number] | 'creeper' | 'slow' | 'sybil'

interface Market {
  isProvider(peer: number): boolean
  isRenter(peer: number): boolean
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
