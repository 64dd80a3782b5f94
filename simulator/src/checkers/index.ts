import { capacity } from './capacity.ts'
import { chain } from './chain.ts'
import { Checkers, type Onlooker } from './checker.ts'
import { commit } from './commit.ts'
import { credit } from './credit.ts'
import { durability } from './durability.ts'
import { liveness } from './liveness.ts'
import { Losses } from './loss.ts'
import { money } from './money.ts'
import { oneAttempt } from './one-attempt.ts'
import { Overpaid } from './overpaid.ts'
import { permits } from './permits.ts'
import { Strangers } from './strangers.ts'

export { type Books, type Checker, Checkers, type Onlooker, type Report, VIOLATIONS_MAX } from './checker.ts'
export type { Ending } from './deadlines.ts'
export type { LeaseFacts } from './facts.ts'

/** One or more for each invariant of the design. */
const ALL = [commit, oneAttempt, capacity, credit, permits, durability, money, liveness, chain]

/** Invariant 4 in money: what the honest side lost, and how near to its bound. */
export interface Exposure {
  losses: Losses
  overpaid: Overpaid
  strangers: Strangers
}

export const exposureOf = (onlooker: Onlooker): Exposure => ({
  losses: new Losses(onlooker),
  overpaid: new Overpaid(onlooker),
  strangers: new Strangers(onlooker),
})

/** Every invariant, watched. `exposure` is made by whoever wants to read what it measured. */
export const allCheckers = (onlooker: Onlooker, exposure: Exposure = exposureOf(onlooker)): Checkers =>
  new Checkers([...ALL.map((make) => make(onlooker)), exposure.losses, exposure.overpaid, exposure.strangers], onlooker)
