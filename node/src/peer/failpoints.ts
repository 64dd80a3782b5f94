/**
 * Places at which a peer under test dies by SIGKILL: before and after each class of write and each side effect. They are wrappers
 * around ports and engine, so that no line of core or runner knows of them, and exist only in a peer whose composition was given
 * `WEFT_FAILPOINT`. `npm run test:crash` gives it.
 *
 * @example
 * WEFT_FAILPOINT=before-send-receipt:2 weft up   // dies when its second receipt would leave
 */
import { UsageError } from '@weft/protocols'
import type { Ports } from '@weft/protocols/host'
import type { Executor, ExecutorEvents, StoreOp } from '@weft/protocols/ports'
import { MessageOpener } from '@weft/protocols/wire'
import type { Engine } from '../executor/index.ts'

/** What a provider and a renter do to the world, by kind. `persist-lease-…` and `persist-job-…` name the stage that is written. */
const POINTS = {
  provider: [
    ...['accepted', 'delivering', 'starting', 'running', 'stopping', 'collecting', 'final', 'settled', 'closed'].map(
      (stage) => `persist-lease-${stage}`,
    ),
    ...['persist-document', 'persist-receipt', 'persist-countersignature', 'persist-announcement'],
    ...['send-bid', 'send-acceptance', 'send-progress', 'send-receipt', 'publish-capacity'],
    ...['deliver', 'start', 'stop', 'collect', 'remove', 'exit'],
    ...['create-container', 'start-container', 'remove-container'],
  ],
  renter: [
    ...['bidding', 'awarding', 'leased', 'retrieving', 'ended'].map((state) => `persist-job-${state}`),
    ...['persist-document', 'persist-receipt', 'persist-countersignature', 'persist-answer'],
    ...['send-order', 'send-award', 'send-manifest', 'send-countersignature', 'send-collected', 'publish-order'],
    ...['follow-output', 'fetch-outputs'],
  ],
} as const satisfies Record<string, readonly string[]>

const sides = (points: readonly string[]): string[] => points.flatMap((point) => [`before-${point}`, `after-${point}`])

/** Every failpoint, by who passes it. */
export const FAILPOINTS: Readonly<Record<'provider' | 'renter', readonly string[]>> = {
  provider: sides(POINTS.provider),
  renter: sides(POINTS.renter),
}

const EVERY = new Set([...FAILPOINTS.provider, ...FAILPOINTS.renter])
const TIMES_MAX = 1_000_000

/** For each method that is a place to die at: what a call of it is called. */
type Names<Target> = { [Method in keyof Target]?: (args: readonly unknown[]) => readonly string[] }

export class Failpoints {
  readonly #point: string
  readonly #die: () => void
  /** The peer dies when it passes the point for this many more times. */
  #left: number

  /** `text`: a failpoint's name, or `name:n` for the nth time that it is passed. Throws UsageError for any other. */
  constructor(text: string, die: () => void = () => process.kill(process.pid, 'SIGKILL')) {
    const [, point = '', times = '1'] = /^([a-z-]+)(?::(\d+))?$/.exec(text) ?? []
    if (!EVERY.has(point) || Number(times) < 1 || Number(times) > TIMES_MAX)
      throw new UsageError(`WEFT_FAILPOINT takes a name that npm run test:crash -- --list shows, or NAME:COUNT, not "${text}"`)
    this.#point = point
    this.#left = Number(times)
    this.#die = die
  }

  ports(network: string, ports: Ports): Ports {
    const opener = new MessageOpener(network, ports.signer)
    const kindOf = (bytes: unknown): string => {
      const message = opener.open(bytes as Uint8Array)
      return message instanceof Error ? 'garbage' : message.kind
    }
    const { executor } = ports
    return {
      ...ports,
      store: this.#around(ports.store, { batch: ([ops]) => [...new Set((ops as StoreOp[]).map(writeOf))] }),
      channels: this.#around(ports.channels, { send: ([, bytes]) => [`send-${kindOf(bytes)}`] }),
      pubsub: this.#around(ports.pubsub, { publish: ([, bytes]) => [`publish-${kindOf(bytes)}`] }),
      results: this.#around(ports.results, { follow: () => ['follow-output'], finish: () => ['fetch-outputs'] }),
      executor: executor && this.#executor(executor),
    }
  }

  engine(engine: Engine): Engine {
    return this.#around(engine, {
      create: () => ['create-container'],
      start: () => ['start-container'],
      remove: () => ['remove-container'],
    })
  }

  #executor(executor: Executor): Executor {
    const listen = (events: ExecutorEvents) => executor.listen(this.#around(events, { exited: () => ['exit'] }))
    const names: Names<Executor> = {
      deliver: () => ['deliver'],
      start: () => ['start'],
      stop: () => ['stop'],
      collect: () => ['collect'],
      remove: () => ['remove'],
    }
    return this.#around(executor, names, { listen })
  }

  /** The target, but for `instead`, with a place to die before and after each of the named calls. */
  #around<Target extends object>(target: Target, names: Names<Target>, instead: Partial<Target> = {}): Target {
    return new Proxy(target, {
      get: (_, key) => {
        const method = Reflect.get(instead, key) ?? (Reflect.get(target, key) as unknown)
        if (typeof method !== 'function') return method
        const namesOf = names[key as keyof Target]
        if (namesOf === undefined) return method.bind(target) as unknown
        return (...args: unknown[]) => this.#call(namesOf(args), () => method.apply(target, args) as unknown)
      },
    })
  }

  #call(points: readonly string[], act: () => unknown): unknown {
    const after = (): void => this.#pass('after', points)
    this.#pass('before', points)
    const result = act()
    if (!(result instanceof Promise)) after()
    // However it ended: a failed send has been tried.
    else result.then(after, after)
    return result
  }

  #pass(side: 'before' | 'after', points: readonly string[]): void {
    if (!points.some((point) => `${side}-${point}` === this.#point)) return
    this.#left -= 1
    if (this.#left === 0) this.#die()
  }
}

/** The kind of a write, by the layout of the core's keys. */
function writeOf({ key, value }: StoreOp): string {
  const [shelf = '', , ...rest] = key.split('/')
  if (shelf === 'receipt') return rest.at(-1) === '0' ? 'persist-receipt' : 'persist-countersignature'
  if (rest[0] === 'answer') return 'persist-answer'
  if (value === undefined || (shelf !== 'lease' && shelf !== 'job')) return `persist-${shelf}`
  const { state } = (JSON.parse(Buffer.from(value).toString('utf8')) as { value: { state: { stage?: string; name?: string } } })
    .value
  return `persist-${shelf}-${state.stage ?? state.name}`
}
