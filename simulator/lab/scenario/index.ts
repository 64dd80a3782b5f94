/**
 * Scenarios as data: a YAML file becomes a resolved Scenario, or a ScenarioError that says at which line and column what is
 * wrong and what to write instead.
 *
 * @example
 * const { scenario } = await loadScenario('market-day', { set: ['peers=1000', 'churn=none'] })
 */
export { type Cost, estimateCost, onlineShare } from './cost.ts'
export { type Affordable, chosenFidelity, SECONDS_MAX, tooExpensive } from './fidelity.ts'
export { type LoadedScenario, type LoadInit, listScenarios, loadScenario, readScenario } from './load.ts'
export { ScenarioError } from './problem.ts'
export { checkSchema } from './schema.ts'
export { type ImportedTrace, readTrace } from './trace-file.ts'
