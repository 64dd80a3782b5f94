import { Arena } from './arena.ts'
import { Batch } from './batch.ts'
import { EventHeap } from './event-heap.ts'
import type { Fan } from './fan.ts'
import type { EventQueue, QueueInit } from './queue.ts'

/** A heap and nothing else: the plain queue that others are compared with. */
export class HeapQueue implements EventQueue {
  readonly arena = new Arena()
  readonly batch = new Batch(this.arena, 2)
  readonly #heap: EventHeap

  constructor(init: QueueInit) {
    this.#heap = new EventHeap(init)
  }

  get size(): number {
    return this.#heap.size
  }

  get bytes(): number {
    return this.#heap.bytes + this.arena.bytes
  }

  push(timeUs: number, cls: number, source: number, target: number, a: number, b: number): void {
    this.#heap.push(timeUs, cls, source, target, a, b)
  }

  pushFan(cls: number, source: number, { targets, delaysUs, length }: Fan, a: number, b: number): void {
    const nowUs = this.batch.timeUs
    for (let i = 0; i < length; i++) this.push(nowUs + (delaysUs[i] as number), cls, source, targets[i] as number, a, b)
  }

  /** One event at a time: the next one is known only when it was done. */
  open(untilUs: number): boolean {
    const heap = this.#heap
    if (!heap.next(untilUs)) return false
    const { batch } = this
    batch.renew(0)
    batch.startUs = heap.timeUs
    batch.putFirst(heap.cls, heap.source, heap.target, heap.a, heap.b)
    return true
  }

  interrupt(): void {}

  advance(timeUs: number): void {
    this.#heap.advance(timeUs)
    this.batch.timeUs = timeUs
  }
}
