import { expect, it } from 'vitest'
import type { ContainerState, Engine } from '../../src/executor/index.ts'
import { Cleanup } from '../../src/peer/cleanup.ts'
import { removeEarlierContainers } from '../../src/peer/earlier-containers.ts'

function anEngine(containers: Record<string, { state: ContainerState; labels: Record<string, string> }>) {
  const done: string[] = []
  const engine: Partial<Engine> = {
    list: async (labels) =>
      Object.entries(containers)
        .filter(([, found]) => Object.entries(labels).every(([name, value]) => found.labels[name] === value))
        .map(([id, found]) => ({ id, ...found })),
    stop: async (id) => {
      if (id === 'stuck') throw new Error('it does not end')
      done.push(`stop ${id}`)
    },
    remove: async (id) => void done.push(`remove ${id}`),
  }
  return { engine: engine as Engine, done }
}

function logger() {
  const warnings: string[] = []
  const quiet = (): void => undefined
  return {
    warnings,
    log: { debug: quiet, info: quiet, error: quiet, warn: (_: object, text: string) => void warnings.push(text) },
  }
}

const mine = (state: ContainerState) => ({ state, labels: { 'weft.peer': 'me', 'weft.network': 'net', 'weft.lease': 'l' } })

it('a peer that lends nothing ends and removes the containers of its own earlier leases, and no others', async () => {
  const other = { state: 'running' as const, labels: { 'weft.peer': 'you', 'weft.network': 'net', 'weft.lease': 'l' } }
  const { engine, done } = anEngine({ runs: mine('running'), ended: mine('exited'), other })
  const { log, warnings } = logger()
  expect(await removeEarlierContainers({ engine, peerId: 'me', network: 'net', log, cleanup: new Cleanup(log) })).toBe(2)
  expect(done.toSorted()).toEqual(['remove ended', 'remove runs', 'stop runs'])
  expect(warnings).toHaveLength(2)
})

it('says which containers it could not remove, and removes the others', async () => {
  const { engine, done } = anEngine({ stuck: mine('running'), runs: mine('running') })
  const { log, warnings } = logger()
  expect(await removeEarlierContainers({ engine, peerId: 'me', network: 'net', log, cleanup: new Cleanup(log) })).toBe(1)
  expect(done).toEqual(['stop runs', 'remove runs'])
  expect(warnings.join()).toContain('it does not end')
})
