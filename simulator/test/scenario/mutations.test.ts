import { readFileSync } from 'node:fs'
import { YAML_SNIPPETS } from '@weft/protocols/testing'
import { estimateCost, listScenarios, readScenario, ScenarioError, tooExpensive } from '@weft/simulator/lab'
import { expect, test } from 'vitest'
import { Draws } from '../../src/kernel/draws.ts'

// Goal: a slip of the finger anywhere in a file is answered with a place, or resolves to a scenario whose cost is a number.
test.each(listScenarios())('$name with pieces swapped, cut or put in is read or refused with a place', ({ name, file }) => {
  const text = readFileSync(file, 'utf8')
  const draws = new Draws(42)
  const below = (n: number, counter: number, which: number) => Math.floor(draws.u32(which, counter, 0) * 2 ** -32 * n)
  let refused = 0
  for (let i = 0; i < 300; i++) {
    const at = below(text.length, i, 1)
    const cut = below(4, i, 2) === 0 ? below(40, i, 3) : below(2, i, 3)
    const mutated = text.slice(0, at) + YAML_SNIPPETS[below(YAML_SNIPPETS.length, i, 4)] + text.slice(at + cut)
    try {
      const scenario = readScenario(mutated, { file: `${name}.yaml` })
      const { events, bytes } = estimateCost(scenario)
      expect(Number.isFinite(events) && Number.isFinite(bytes), mutated).toBe(true)
      tooExpensive(scenario, { bytes: 2 ** 30 })
    } catch (error) {
      expect(error, mutated).toBeInstanceOf(ScenarioError)
      expect((error as ScenarioError).message).toMatch(/^[a-z-]+\.yaml:\d+:\d+: /)
      refused += 1
    }
  }
  expect(refused).toBeGreaterThan(20)
})
