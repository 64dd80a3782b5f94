import { existsSync } from 'node:fs'
import { homedir, platform } from 'node:os'
import { messageOf } from '@weft/protocols'
import { DockerEngine } from './docker-engine.ts'
import type { Engine } from './engine.ts'

export interface FindEngineInit {
  /** A socket path or `unix://…`; where it is given nothing else is tried. It is what `--engine` and WEFT_ENGINE say. */
  engine?: string | undefined
  env?: Readonly<Record<string, string | undefined>>
  /** How long each may take to answer. @default 20_000 for one that is named, else 2_000 */
  answerMs?: number
}

/** The engine that answered, or why none did: one sentence per place. */
export interface FoundEngine {
  engine: Engine | undefined
  failures: readonly { host: string; reason: string }[]
}

/** Of several places most have no engine. One that a person named has: busy, or only now started for who opens its socket. */
export const ENGINE_ANSWER_MS = { named: 20_000, guessed: 2_000 }

/** Tries the places where an engine usually listens, in order, and takes the first that answers. */
export async function findEngine(init: FindEngineInit = {}): Promise<FoundEngine> {
  const failures: { host: string; reason: string }[] = []
  const answerMs = init.answerMs ?? (nameOf(init) === undefined ? ENGINE_ANSWER_MS.guessed : ENGINE_ANSWER_MS.named)
  for (const host of candidates(init)) {
    try {
      return { engine: await DockerEngine.connect(host, answerMs), failures }
    } catch (error) {
      failures.push({ host, reason: reasonOf(host, error) })
    }
  }
  return { engine: undefined, failures }
}

/** Hosts worth trying. A place that a person named is the only one: an engine they did not mean is worse than none. */
export function candidates(init: FindEngineInit = {}): string[] {
  const env = init.env ?? process.env
  const named = nameOf(init)
  if (named !== undefined) return [hostOf(named)]
  if (platform() === 'win32') return ['npipe:////./pipe/docker_engine', 'npipe:////./pipe/podman-machine-default']
  const runtime = env['XDG_RUNTIME_DIR']
  const home = env['HOME'] ?? homedir()
  return [
    '/var/run/docker.sock',
    ...(runtime === undefined ? [] : [`${runtime}/docker.sock`]),
    `${home}/.docker/run/docker.sock`,
    '/run/podman/podman.sock',
    ...(runtime === undefined ? [] : [`${runtime}/podman/podman.sock`]),
  ].map(hostOf)
}

/** One sentence for a person: what was tried and what to do. */
export function explainNoEngine(failures: FoundEngine['failures']): string {
  const tried = failures.map(({ host, reason }) => `${host}: ${reason}`).join('; ')
  return `no container engine answers (${tried}); start Docker or Podman, or name its socket with --engine or DOCKER_HOST`
}

/** What a person calls the engine; undefined: nobody names one. */
function nameOf({ engine, env = process.env }: FindEngineInit): string | undefined {
  return (engine ?? env['WEFT_ENGINE'] ?? env['DOCKER_HOST']) || undefined
}

function hostOf(text: string): string {
  return text.includes('://') ? text : `unix://${text}`
}

function reasonOf(host: string, error: unknown): string {
  const path = host.startsWith('unix://') ? host.slice('unix://'.length) : undefined
  if (path !== undefined && !existsSync(path)) return 'there is no such socket'
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (code === 'EACCES') return 'this user may not open it; add the user to the group "docker" or run a rootless engine'
  if (code === 'ECONNREFUSED') return 'nobody listens on it; the engine is not running'
  if (code === 'ECONNRESET') return 'it does not answer'
  return messageOf(error).trim()
}
