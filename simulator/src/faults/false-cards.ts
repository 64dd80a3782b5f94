import type { Role } from './roles.ts'

interface Machines {
  readonly providers: readonly number[]
  /** Row of the fleet's kinds of machines by peer; a liar's is that of the cards that it shows. */
  readonly machineOf: Int16Array
  hasCards(peer: number): boolean
}

/**
 * Whose cards those show who have none of their own: by peer, the peer that has them. Twins share those of one of them; relays and
 * borrowers those of somebody honest each, who as a lender is that no more. Who finds nobody has cards, and is taken out of `roles`.
 */
export function falseCards(roles: Map<number, Role>, { providers, machineOf, hasCards }: Machines): Map<number, number> {
  const ownerOf = new Map<number, number>()
  const shows = (peer: number, owner: number): void => {
    ownerOf.set(peer, owner)
    machineOf[peer] = machineOf[owner] as number
  }
  const of = (role: Role): number[] => providers.filter((peer) => roles.get(peer) === role)
  for (const role of ['twin', 'hidden-twin'] as const) {
    const twins = of(role)
    if (twins.length % 2 === 1) roles.delete(twins.pop() as number)
    twins.forEach((peer, i) => {
      if (i % 2 === 1) shows(peer, twins[i - 1] as number)
    })
  }
  const honest = providers.filter((peer) => !roles.has(peer) && hasCards(peer))
  for (const role of ['relay', 'borrower'] as const) {
    for (const peer of of(role)) {
      const owner = honest.pop()
      if (owner === undefined) roles.delete(peer)
      else shows(peer, owner)
      if (owner !== undefined && role === 'borrower') roles.set(owner, 'lender')
    }
  }
  return ownerOf
}
