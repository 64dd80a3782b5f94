import { capacity } from './capacity.ts'
import { chain } from './chain.ts'
import { Checkers, type Onlooker } from './checker.ts'
import { commit } from './commit.ts'
import { credit } from './credit.ts'
import { durability } from './durability.ts'
import { liveness } from './liveness.ts'
import type { Losses } from './loss.ts'
import { money } from './money.ts'
import { oneAttempt } from './one-attempt.ts'
import { permits } from './permits.ts'
import { strangers } from './strangers.ts'

export { type Books, type Checker, Checkers, type Onlooker, type Report, VIOLATIONS_MAX } from './checker.ts'
export type { LeaseFacts } from './facts.ts'

/** One or more for each invariant of the design. */
const ALL = [commit, oneAttempt, capacity, credit, strangers, permits, durability, money, liveness, chain]

/** Every invariant, watched. `losses` is made by whoever wants to read what it measured. */
export const allCheckers = (onlooker: Onlooker, losses?: Losses): Checkers =>
  new Checkers([...ALL.map((make) => make(onlooker)), ...(losses === undefined ? [] : [losses])])
