import { capacity } from './capacity.ts'
import { chain } from './chain.ts'
import { type Checker, Checkers, type Onlooker } from './checker.ts'
import { commit } from './commit.ts'
import { credit } from './credit.ts'
import { durability } from './durability.ts'
import { liveness } from './liveness.ts'
import { Losses } from './loss.ts'
import { Money } from './money.ts'
import { oneAttempt } from './one-attempt.ts'
import { Overpaid } from './overpaid.ts'
import { permits } from './permits.ts'
import { Strangers } from './strangers.ts'
import { unleased } from './unleased.ts'

export { type Books, type Checker, Checkers, type Onlooker, type Report, VIOLATIONS_MAX } from './checker.ts'
export type { Ending } from './deadlines.ts'
export type { LeaseFacts } from './facts.ts'

/** One or more for each invariant of the design. */
const ALL = [commit, oneAttempt, capacity, credit, permits, durability, liveness, chain, unleased]

/** Checkers that measure as well: what the honest side lost and how near to its bound, and how many bills were compared. */
export interface Exposure {
  money: Money
  losses: Losses
  overpaid: Overpaid
  strangers: Strangers
}

export const exposureOf = (onlooker: Onlooker): Exposure => ({
  money: new Money(onlooker),
  losses: new Losses(onlooker),
  overpaid: new Overpaid(onlooker),
  strangers: new Strangers(onlooker),
})

/** Every invariant, watched. `exposure` is made by whoever wants to read what it measured. */
export const allCheckers = (onlooker: Onlooker, exposure: Exposure = exposureOf(onlooker)): Checkers =>
  new Checkers([...ALL.map((make) => make(onlooker)), ...Object.values<Checker>({ ...exposure })], onlooker)
