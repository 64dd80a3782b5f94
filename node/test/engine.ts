import { explainNoEngine, findEngine } from '../src/executor/find-engine.ts'

// A machine that runs other tests may take its time to answer.
const { engine, failures } = await findEngine({ answerMs: 20_000 })

/**
 * The engine that container tests run on, or undefined: then they skip, and this says why. With WEFT_REQUIRE_ENGINE=1 a
 * missing engine is a failure.
 *
 * @example
 * describe.skipIf(engineOrSkip === undefined)('a container', () => { … })
 */
export const engineOrSkip = engine

if (engine === undefined) {
  if (process.env['WEFT_REQUIRE_ENGINE'] === '1') throw new Error(explainNoEngine(failures))
  console.warn(`skipping container tests: ${explainNoEngine(failures)}`)
}
