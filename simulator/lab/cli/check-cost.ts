import type { Scenario } from '@weft/simulator'
import { estimateCost, tooExpensive } from '../scenario/index.ts'
import { LabError } from './exit.ts'
import { availableBytes } from './memory.ts'

/** @throws LabError where this machine, shared by `atOnce` runs, is too small for one of them; not with --force */
export function checkCost(scenarios: readonly Scenario[], atOnce: number, isForced: boolean): void {
  if (isForced) return
  const bytes = availableBytes() / atOnce
  for (const scenario of scenarios) {
    const problem = tooExpensive(scenario, { bytes })
    if (problem === undefined) continue
    const code = problem.startsWith('not enough memory') ? 'NOT_ENOUGH_MEMORY' : 'TOO_EXPENSIVE'
    throw new LabError(code, problem, 'make it smaller as said, or --force')
  }
}

/** How many of the largest of these runs fit into memory beside each other, up to `most`. */
export function fitting(scenarios: readonly Scenario[], most: number): number {
  const largest = Math.max(1, ...scenarios.map((scenario) => estimateCost(scenario).bytes))
  return Math.max(1, Math.min(most, Math.floor((availableBytes() * 0.8) / largest)))
}
