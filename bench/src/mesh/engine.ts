/** Which engine containers run on: one that answers, a private one that it starts, or none. */
import { fileURLToPath } from 'node:url'
import { DockerEngine, type Engine } from '@weft/node/executor'
import { ensureEngine } from '../../../.tools/engine.mjs'

export interface BenchEngine {
  /** Undefined: jobs run as plain processes. */
  engine: Engine | undefined
  /** How the peers find it. */
  env: NodeJS.ProcessEnv
  /** A private engine was started, and `stop` ends it. */
  started: boolean
  stop(): Promise<void>
}

export interface BenchEngineInit {
  /** May be installed without asking. */
  yes: boolean
  /** Is never installed. */
  noInstall: boolean
  log: (line: string) => void
  /** Called before an installation is announced. */
  onInstall?: () => void
}

/** It has answered once; the machine may be busy. */
const ANSWER_MS = 20_000

export async function benchEngine(init: BenchEngineInit): Promise<BenchEngine> {
  const found = await ensureEngine(init)
  if (found === undefined) return { engine: undefined, env: {}, started: false, stop: async () => {} }
  try {
    const engine = await DockerEngine.connect(found.host, ANSWER_MS)
    return { engine, env: { DOCKER_HOST: found.host }, started: found.started, stop: () => found.stop() }
  } catch (error) {
    await found.stop()
    throw error
  }
}

/** The clone's cache folder: what is fetched once lies here. */
export const CACHE = fileURLToPath(new URL('../../../.cache', import.meta.url))
