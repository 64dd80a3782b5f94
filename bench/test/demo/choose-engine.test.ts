import { expect, test } from 'vitest'
import { chooseEngine } from '../../src/demo/choose-engine.ts'
import { Screen } from '../../src/demo/screen.ts'
import type { BenchEngine, BenchEngineInit } from '../../src/mesh/engine.ts'

const NONE: BenchEngine = { engine: undefined, env: {}, started: false, stop: async () => {} }

async function shown(search: (init: BenchEngineInit) => void): Promise<string[]> {
  const written: string[] = []
  const screen = new Screen({ write: (text) => written.push(text) }, {})
  const find = async (init: BenchEngineInit) => {
    search(init)
    return NONE
  }
  await chooseEngine({ yes: false, noInstall: true }, screen, find)
  return written.join('').trimEnd().split('\n')
}

test('without an engine the very first line says that jobs are not isolated, and the reasons come below', async () => {
  const lines = await shown(({ log }) => ['starting one', 'it does not start'].forEach(log))
  expect(lines).toEqual([expect.stringContaining('jobs are NOT ISOLATED'), '  starting one', '  it does not start'])
})

test('what is about to be installed is said before it happens', async () => {
  const lines = await shown(({ log, onInstall }) => {
    onInstall?.()
    log('I would install')
  })
  expect(lines).toEqual(['  I would install', expect.stringContaining('jobs are NOT ISOLATED')])
})
