/**
 * The market in virtual time: core and host of `@weft/protocols`, unchanged, over modelled ports.
 *
 * @example
 * const result = await runScenario(scenario, { makeHistogram })
 */

export { drawScenario } from './fuzz/draw.ts'
export { type FuzzHooks, type FuzzRun, fuzzRun } from './fuzz/fuzz.ts'
export { shrink } from './fuzz/shrink.ts'
export { Draws, Fan, type Handler, Kernel, MessageTable, type Touch, WORLD } from './kernel/index.ts'
export { meanOfQuantiles, sampleQuantiles } from './kernel/sampling.ts'
export { type Progress, type RunHooks, runScenario } from './peers/run.ts'
export type { SignSample } from './peers/signer.ts'
export * as presets from './presets/index.ts'
export * from './result.ts'
export type * from './scenario.ts'
