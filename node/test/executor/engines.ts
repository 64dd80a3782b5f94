import { DockerEngine } from '../../src/executor/docker-engine.ts'
import type { Engine } from '../../src/executor/engine.ts'
import { engineOrSkip } from '../engine.ts'
import { hasBusybox } from './images.ts'

/** A machine that runs other tests may take its time. */
const ANSWER_MS = 20_000

/**
 * The engines that container tests run on: the one that answers, and those that WEFT_TEST_ENGINES names in addition
 * (`unix:///run/podman/podman.sock`, separated by commas), which must answer.
 */
export const engines: readonly Engine[] = await findAll()

async function findAll(): Promise<Engine[]> {
  if (!(await hasBusybox())) {
    if (process.env['WEFT_REQUIRE_ENGINE'] === '1')
      throw new Error('container tests need busybox-static: apt-get install busybox-static')
    console.warn('skipping container tests: there is no static busybox (on Debian: apt-get install busybox-static)')
    return []
  }
  const more = (process.env['WEFT_TEST_ENGINES'] ?? '').split(',').filter((host) => host !== '')
  const named = await Promise.all(more.map((host) => DockerEngine.connect(host, ANSWER_MS)))
  return engineOrSkip === undefined ? named : [engineOrSkip, ...named]
}
