/**
 * A network of its own for each peer: Linux network namespaces around a bridge that lies in one more of them, so that nothing of the
 * machine's own network is touched. Needs root.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** In which direction nothing passes. `in`: the peer hears nobody; `out`: nobody hears it. */
export type Direction = 'both' | 'in' | 'out'

/** Inside the namespaces only. */
const SUBNET = '10.213.77'

export class Namespaces {
  readonly #prefix: string
  readonly #made: string[] = []

  /** `prefix` tells these from those of another test at the same time; names of interfaces are short. */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** Why there can be none here; undefined: there can. */
  static async lacking(): Promise<string | undefined> {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need Linux and root'
    const probe = `weft-probe-${process.pid}`
    try {
      await run('ip', ['netns', 'add', probe])
      await run('ip', ['netns', 'exec', probe, 'iptables', '-w', '-L', '-n'])
      return undefined
    } catch (error) {
      return `this machine permits no network namespaces with iptables: ${String(error instanceof Error ? error.message : error).split('\n')[0]}`
    } finally {
      await run('ip', ['netns', 'del', probe]).catch(() => undefined)
    }
  }

  async open(names: readonly string[]): Promise<void> {
    const hub = await this.#make('hub')
    await run('ip', ['-n', hub, 'link', 'add', 'br0', 'type', 'bridge'])
    await run('ip', ['-n', hub, 'link', 'set', 'br0', 'up'])
    for (const [index, name] of names.entries()) {
      const own = await this.#make(name)
      await run('ip', ['-n', hub, 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', own])
      await run('ip', ['-n', hub, 'link', 'set', name, 'master', 'br0', 'up'])
      await run('ip', ['-n', own, 'addr', 'add', `${SUBNET}.${index + 1}/24`, 'dev', 'eth0'])
      for (const device of ['lo', 'eth0']) await run('ip', ['-n', own, 'link', 'set', device, 'up'])
    }
  }

  address(index: number): string {
    return `${SUBNET}.${index + 1}`
  }

  /** Words that run a program inside. */
  inside(name: string): string[] {
    return ['ip', 'netns', 'exec', this.#nameOf(name)]
  }

  /** Packets vanish; connections hear nothing of it. */
  async cut(name: string, direction: Direction): Promise<void> {
    for (const chain of chainsOf(direction)) await this.#rule(name, '-A', chain)
  }

  async heal(name: string, direction: Direction): Promise<void> {
    for (const chain of chainsOf(direction)) await this.#rule(name, '-D', chain)
  }

  async close(): Promise<void> {
    for (const name of this.#made.splice(0).reverse()) await run('ip', ['netns', 'del', name]).catch(() => undefined)
  }

  async #rule(name: string, what: '-A' | '-D', chain: 'INPUT' | 'OUTPUT'): Promise<void> {
    const device = chain === 'INPUT' ? '-i' : '-o'
    await run('ip', ['netns', 'exec', this.#nameOf(name), 'iptables', '-w', what, chain, device, 'eth0', '-j', 'DROP'])
  }

  async #make(name: string): Promise<string> {
    const full = this.#nameOf(name)
    await run('ip', ['netns', 'add', full])
    this.#made.push(full)
    return full
  }

  #nameOf(name: string): string {
    return `${this.#prefix}-${name}`
  }
}

const chainsOf = (direction: Direction): ('INPUT' | 'OUTPUT')[] => [
  ...(direction === 'out' ? [] : (['INPUT'] as const)),
  ...(direction === 'in' ? [] : (['OUTPUT'] as const)),
]
