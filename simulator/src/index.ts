/**
 * The market in virtual time: core and host of `@weft/protocols`, unchanged, over modelled ports.
 *
 * @example
 * const report = await runMarketDay({ seed: 7, providers: 50 })
 */

export { meanOfQuantiles, sampleQuantiles } from './kernel/sampling.ts'
export * from './market-day.ts'
export { checkAll } from './old-checkers.ts'
export * as presets from './presets/index.ts'
export * from './result.ts'
export type * from './scenario.ts'
export * from './trace.ts'
