import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { WORLD } from '../kernel/queue.ts'
import type { ScriptStep } from '../scenario.ts'
import { sides } from './injector.ts'

/** What a script acts on. */
export interface Stage {
  readonly peers: number
  isOnline(peer: number): boolean
  isProvider(peer: number): boolean
  isRenter(peer: number): boolean
  /** The machine dies and stays away until somebody brings it back. */
  crash(peer: number): void
  bringBack(peer: number): void
  partition(groupOf: Int32Array | undefined, oneWay: boolean): void
  demand(jobs: number): void
  /** The provider asks `factor` times its price from now on. */
  price(peer: number, factor: number): void
}

/** Peers that newcomers know by address: the first ones, as many as public networks run of them. */
export const BOOTSTRAPS = 4

/** The steps of a scenario, each at its time. */
export class Script {
  /** Steps that are still to come. */
  left: number
  readonly #steps: readonly ScriptStep[]
  readonly #kernel: Kernel
  readonly #stage: Stage
  readonly #draws: Stream
  readonly #class: number
  readonly #gone = new Set<number>()

  constructor(steps: readonly ScriptStep[], kernel: Kernel, stage: Stage) {
    this.#steps = steps
    this.left = steps.length
    this.#kernel = kernel
    this.#stage = stage
    this.#draws = kernel.draws.stream('script', stage.peers)
    this.#class = kernel.on('script', (step) => this.#perform(this.#steps[step] as ScriptStep))
  }

  start(): void {
    this.#steps.forEach(({ atSeconds }, step) => {
      this.#kernel.at(Math.round(atSeconds * 1e6), this.#class, WORLD, step, 0, 0)
    })
  }

  #perform(step: ScriptStep): void {
    this.left -= 1
    const stage = this.#stage
    switch (step.do) {
      case 'crash':
        this.#crash(step.share, step.of)
        break
      case 'return':
        for (const peer of this.#gone) stage.bringBack(peer)
        this.#gone.clear()
        break
      case 'partition':
        stage.partition(sides(this.#draws, stage.peers, step.share), false)
        break
      case 'heal':
        stage.partition(undefined, false)
        break
      case 'demand':
        stage.demand(step.jobs)
        break
      case 'price':
        for (let peer = 0; peer < stage.peers; peer++)
          if (stage.isProvider(peer) && this.#draws.chance(peer, step.share)) stage.price(peer, step.factor)
        break
    }
  }

  #crash(share: number, of: 'all' | 'providers' | 'renters' | 'bootstrap'): void {
    const stage = this.#stage
    const isMeant = (peer: number): boolean => {
      if (of === 'providers') return stage.isProvider(peer)
      if (of === 'renters') return stage.isRenter(peer)
      return of === 'all' || peer < BOOTSTRAPS
    }
    for (let peer = 0; peer < stage.peers; peer++) {
      if (!isMeant(peer) || !this.#draws.chance(peer, share) || !stage.isOnline(peer)) continue
      stage.crash(peer)
      this.#gone.add(peer)
    }
  }
}
