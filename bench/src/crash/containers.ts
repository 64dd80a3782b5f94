/** What really ran, as the engine itself tells it: the start and the end of every container of a network. */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { createInterface } from 'node:readline'
import { LABELS } from '@weft/node/executor'
import { WeftError } from '@weft/protocols'

/** One run of a container, by the engine's clock. `toMs` is undefined while it runs. */
export interface Run {
  leaseId: string
  containerId: string
  fromMs: number
  toMs: number | undefined
}

interface EngineEvent {
  Action: string
  Actor: { ID: string; Attributes: Record<string, string> }
  timeNano: number
}

const NANOS_PER_MS = 1e6
const RUNS_MAX = 100_000

export class ContainerWatch {
  readonly runs: Run[] = []
  readonly #response: IncomingMessage
  readonly #ended: Promise<unknown>
  /** Why it saw not everything; undefined: it did. */
  broken: string | undefined

  private constructor(response: IncomingMessage) {
    this.#response = response
    const lines = createInterface({ input: response })
    lines.on('line', (line) => this.#event(JSON.parse(line) as EngineEvent))
    this.#ended = once(response, 'close')
    response.once('error', (error) => {
      if (!response.destroyed) this.broken ??= error.message
    })
  }

  /** `host`: what DOCKER_HOST takes. Resolves once it sees whatever happens from now on. */
  static async open(host: string, network: string): Promise<ContainerWatch> {
    const filters = JSON.stringify({ type: ['container'], event: ['start', 'die'], label: [`${LABELS.network}=${network}`] })
    const path = `/events?filters=${encodeURIComponent(filters)}`
    const asked = request({ ...placeOf(host), path })
    asked.end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    if (response.statusCode !== 200) throw new WeftError('ENGINE_EVENTS', `the engine at ${host} does not tell its events`)
    return new ContainerWatch(response)
  }

  async close(): Promise<void> {
    this.#response.destroy()
    await this.#ended
  }

  #event({ Action: action, Actor: { ID: containerId, Attributes: labels }, timeNano }: EngineEvent): void {
    const atMs = timeNano / NANOS_PER_MS
    if (this.runs.length >= RUNS_MAX) this.broken ??= `more than ${RUNS_MAX} containers ran`
    else if (action === 'start') {
      this.runs.push({ leaseId: labels[LABELS.lease] ?? '', containerId, fromMs: atMs, toMs: undefined })
    } else {
      const run = this.runs.findLast((one) => one.containerId === containerId)
      if (run !== undefined) run.toMs ??= atMs
    }
  }
}

function placeOf(host: string): { socketPath: string } | { host: string; port: string } {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) }
  const { hostname, port } = new URL(host)
  return { host: hostname, port }
}
