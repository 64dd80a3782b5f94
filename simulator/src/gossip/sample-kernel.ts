import { Draws } from '../kernel/draws.ts'
import { EventHeap } from '../kernel/event-heap.ts'
import type { Fan } from '../kernel/fan.ts'
import type { Handler } from '../kernel/kernel.ts'
import { EVENTS_MAX_DEFAULT } from '../kernel/queue.ts'
import type { Scheduler } from './gossip.ts'

/** Virtual time of its own for a short run inside another: without promises, so that it can be done in the middle of an event. */
export class SampleKernel implements Scheduler {
  nowUs = 0
  readonly draws: Draws
  readonly #queue = new EventHeap({ eventsMax: EVENTS_MAX_DEFAULT })
  readonly #handlers: Handler[] = []

  constructor(seed: number) {
    this.draws = new Draws(seed)
  }

  on(_name: string, handle: Handler): number {
    return this.#handlers.push(handle) - 1
  }

  at(timeUs: number, cls: number, source: number, target: number, a: number, b: number): void {
    this.#queue.push(timeUs, cls, source, target, a, b)
  }

  fan(cls: number, source: number, { targets, delaysUs, length }: Fan, a: number, b: number): void {
    for (let i = 0; i < length; i++) this.at(this.nowUs + (delaysUs[i] as number), cls, source, targets[i] as number, a, b)
  }

  /** Runs what is due at `untilUs` or before. */
  run(untilUs: number): void {
    const queue = this.#queue
    while (queue.next(untilUs)) {
      this.nowUs = queue.timeUs
      ;(this.#handlers[queue.cls] as Handler)(queue.target, queue.a, queue.b)
    }
    this.nowUs = untilUs
    queue.advance(untilUs)
  }
}
